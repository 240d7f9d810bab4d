-- Why the invoice holds other tokens than the log, valued at list price: keys that the log never saw,
-- whole; cached tokens; and the rest, which is usage that one side lacks. Parts add up exactly to the
-- value of the invoiced tokens less the estimate.
with gaps as (

    select
        month,
        provider_key,
        provider_model,
        bucket,
        untracked_usd,
        cache_tokens_usd,
        unexplained_usd,
        tracked_usd - estimated_usd - cache_tokens_usd - unexplained_usd as usage_usd,
        greatest(abs(tracked_usd), estimated_usd) as larger_usd
    from {{ ref('int_reconciliation__cache_causes') }}

),

-- Clocks differ: a small gap of one day is made up for by another, and only their sum counts.
netted as (

    select
        *,
        case
            when abs(usage_usd) > larger_usd * {{ var('reconciliation_net_below_ratio') }}
                then usage_usd
            else
                sum(
                    case
                        when
                            abs(usage_usd)
                            <= larger_usd * {{ var('reconciliation_net_below_ratio') }}
                            then usage_usd
                        else 0
                    end
                ) over (partition by month, provider_key, provider_model)
        end as deciding_usd
    from gaps

)

select
    month,
    provider_key,
    provider_model,
    bucket,
    cast(untracked_usd as decimal(38, 12)) as untracked_usage_usd,
    cast(cache_tokens_usd as decimal(38, 12)) as cache_tokens_usd,
    cast(case when deciding_usd > 0 then usage_usd else 0 end as decimal(38, 12))
        as missing_usage_usd,
    cast(case when deciding_usd > 0 then 0 else usage_usd end as decimal(38, 12))
        as uninvoiced_usage_usd,
    cast(unexplained_usd as decimal(38, 12)) as unexplained_usd
from netted

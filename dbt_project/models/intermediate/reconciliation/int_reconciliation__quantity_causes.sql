-- Why the invoice holds other tokens than the log, valued at list price: keys that the log never
-- saw, whole; cached tokens; and the rest, which is usage that one side lacks. Parts add up exactly
-- to the value of the invoiced tokens less the estimate.
with shares as (

    select
        *,
        case
            when not is_untyped then {{ decimal_ratio('cache_tokens_usd', 'tracked_usd') }}
        end as cache_share
    from {{ ref('int_reconciliation__cache_causes') }}

),

-- A vendor's way with cached tokens does not change on the day that the log is lost: there, the
-- caches have the smaller share of what they have on the logged days before and after, where those
-- agree.
neighbours as (

    select
        *,
        {{ last_known('cache_share') }} over (
            partition by provider_key, provider_model order by bucket
            rows between unbounded preceding and current row
        ) as share_before,
        {{ first_known('cache_share') }} over (
            partition by provider_key, provider_model order by bucket
            rows between current row and unbounded following
        ) as share_after
    from shares

),

gaps as (

    select
        month,
        provider_key,
        provider_model,
        bucket,
        untracked_usd,
        tracked_usd,
        estimated_usd,
        unexplained_usd,
        case
            when cache_tokens_usd is not null then cache_tokens_usd
            when is_untyped or tracked_usd <= 0 then 0
            when share_before > 0 and share_after > 0
                then {{ share_of('tracked_usd', 'least(share_before, share_after, 1)') }}
            when share_before < 0 and share_after < 0
                then {{ share_of('tracked_usd', 'greatest(share_before, share_after, -1)') }}
            else 0
        end as cache_tokens_usd
    from neighbours

),

left_over as (

    select
        *,
        tracked_usd - estimated_usd - cache_tokens_usd - unexplained_usd as usage_usd,
        greatest(abs(tracked_usd), estimated_usd) as larger_usd
    from gaps

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
    from left_over

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

-- What a version served and cost in a month, on the days the bill reaches: from its first day with
-- a call or a cost to its last. A version that logged no token has no row: what it would cost
-- elsewhere is not known.
with buckets as (

    select
        usage.date_day,
        usage.bucket_at,
        usage.model_name,
        usage.model_version,
        sum(usage.requests) as requests,
        sum(usage.input_tokens + usage.output_tokens) as tokens,
        max(case when usage.accelerator = 'api' then 0 else 1 end) as is_at_home
    from {{ ref('int_requests__by_accelerator') }} as usage
    inner join (
        select
            min(date_day) as first_day,
            max(date_day) as last_day
        from {{ ref('fct_model_cost_daily') }}
    ) as billed
        on usage.date_day between billed.first_day and billed.last_day
    where usage.model_name <> 'unattributed'
    group by usage.date_day, usage.bucket_at, usage.model_name, usage.model_version

),

served as (

    select
        cast(date_trunc('month', date_day) as date) as month,
        model_name,
        model_version,
        min(date_day) as first_day,
        max(date_day) as last_day,
        cast(sum(requests) as bigint) as requests,
        cast(sum(tokens) as bigint) as total_tokens,
        cast(max(tokens) as double) / 300 as peak_tokens_per_second,
        max(is_at_home) as is_at_home
    from buckets
    group by date_trunc('month', date_day), model_name, model_version
    having sum(tokens) > 0

),

-- what hosting decides: shared platforms and training cost the same wherever it runs
costs as (

    select
        cast(date_trunc('month', date_day) as date) as month,
        model_name,
        model_version,
        min(date_day) as first_day,
        max(date_day) as last_day,
        cast(sum(cost_usd) as decimal(38, 12)) as cost_usd
    from {{ ref('int_cost__loaded_daily') }}
    where cost_kind in ('direct', 'idle') and cost_usd <> 0
    group by date_trunc('month', date_day), model_name, model_version

),

throughput as (

    select
        cast(date_trunc('month', date_day) as date) as month,
        model_name,
        model_version,
        accelerator,
        min(tokens_per_second) as tokens_per_second
    from {{ ref('int_demand__throughput') }}
    group by date_trunc('month', date_day), model_name, model_version, accelerator

),

held as (

    select
        cast(date_trunc('month', shares.date_day) as date) as month,
        shares.model_name,
        shares.model_version,
        -- unknown where the throughput of a part of it is
        case
            when count(throughput.tokens_per_second) = count(*)
                then sum(
                    cast(
                        shares.held_us / 1000000.0 * throughput.tokens_per_second
                        as decimal(38, 6)
                    )
                )
        end as capacity_tokens
    from {{ ref('int_gpu__accelerator_shares') }} as shares
    left join throughput
        on
            throughput.month = date_trunc('month', shares.date_day)
            and shares.model_name = throughput.model_name
            and shares.model_version = throughput.model_version
            and shares.accelerator = throughput.accelerator
    where shares.endpoint = '*'
    group by date_trunc('month', shares.date_day), shares.model_name, shares.model_version

),

spans as (

    select
        served.*,
        coalesce(costs.cost_usd, 0) as actual_cost_usd,
        least(served.first_day, coalesce(costs.first_day, served.first_day)) as first_used_day,
        greatest(served.last_day, coalesce(costs.last_day, served.last_day)) as last_used_day
    from served
    left join costs
        on
            served.month = costs.month
            and served.model_name = costs.model_name
            and served.model_version = costs.model_version

)

select
    spans.month,
    spans.model_name,
    spans.model_version,
    coalesce(
        versions.hosting, case when spans.is_at_home = 1 then 'self_hosted' else 'api' end
    ) as hosting,
    versions.provider_model,
    spans.first_used_day,
    spans.last_used_day,
    {{ days_between('spans.first_used_day', 'spans.last_used_day') }} + 1 as days,
    spans.requests,
    spans.total_tokens,
    spans.peak_tokens_per_second,
    cast(spans.actual_cost_usd as decimal(38, 12)) as actual_cost_usd,
    held.capacity_tokens
from spans
left join {{ ref('stg_registry__model_versions') }} as versions
    on
        spans.model_name = versions.model_name
        and spans.model_version = versions.model_version
left join held
    on
        spans.month = held.month
        and spans.model_name = held.model_name
        and spans.model_version = held.model_version

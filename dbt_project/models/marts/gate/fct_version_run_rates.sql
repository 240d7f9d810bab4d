-- What each version is like now, and what the price lists say of it: all that a deploy is judged by
-- before it has happened.
{% set kinds = ['input', 'output', 'cache_read', 'cache_creation'] %}

with rates as (

    select
        model_name,
        model_version,
        min(date_day) as first_day,
        max(date_day) as last_day,
        count(*) as served_days,
        cast(sum(requests) as bigint) as requests,
        cast(sum(total_tokens) as bigint) as total_tokens,
        cast(sum(direct_cost_usd) as decimal(38, 12)) as direct_cost_usd
    from {{ ref('int_versions__recent_days') }}
    group by model_name, model_version

),

-- input is what is left of it without the cache's tokens, as vendors charge it
tokens as (

    select
        usage.model_name,
        usage.model_version,
        cast(
            sum(
                greatest(
                    usage.input_tokens - usage.cache_read_tokens - usage.cache_creation_tokens, 0
                )
            ) as bigint
        ) as input_tokens,
        cast(sum(usage.output_tokens) as bigint) as output_tokens,
        cast(sum(usage.cache_read_tokens) as bigint) as cache_read_tokens,
        cast(sum(usage.cache_creation_tokens) as bigint) as cache_creation_tokens
    from {{ ref('int_requests__daily') }} as usage
    inner join {{ ref('int_versions__recent_days') }} as days
        on
            usage.model_name = days.model_name
            and usage.model_version = days.model_version
            and usage.date_day = days.date_day
    group by usage.model_name, usage.model_version

),

peaks as (

    select
        model_name,
        model_version,
        cast(cast(max(tokens) as double) / 300 as decimal(38, 6)) as peak_tokens_per_second
    from (
        select
            usage.model_name,
            usage.model_version,
            usage.bucket_at,
            sum(usage.input_tokens + usage.output_tokens) as tokens
        from {{ ref('int_requests__by_accelerator') }} as usage
        inner join {{ ref('int_versions__recent_days') }} as days
            on
                usage.model_name = days.model_name
                and usage.model_version = days.model_version
                and usage.date_day = days.date_day
        group by usage.model_name, usage.model_version, usage.bucket_at
    ) as buckets
    group by model_name, model_version

),

-- every call of the model on those days: what a version takes over that replaces all others
alongside as (

    select
        days.model_name,
        days.model_version,
        cast(sum(daily.requests) as bigint) as model_requests
    from {{ ref('int_versions__recent_days') }} as days
    inner join {{ ref('int_versions__daily') }} as daily
        on
            days.model_name = daily.model_name
            and days.date_day = daily.date_day
    group by days.model_name, days.model_version

),

evaluations as (

    select
        model_name,
        model_version,
        date_day as evaluated_on,
        {{ mean_score('score', 'samples') }} as quality,
        row_number() over (
            partition by model_name, model_version order by date_day desc
        ) as nearness
    from {{ ref('stg_quality__evaluations') }}
    where metric = '{{ var('quality_metric') }}'
    group by model_name, model_version, date_day

),

versions as (

    select
        *,
        coalesce(first_active_date, first_billed_date, deployed_date, created_date) as since
    from {{ ref('dim_model_version') }}
    where
        model_name <> 'unattributed'
        and model_version <> 'unattributed'

),

-- the version before: its registered parent, else the one that came last before it, those that
-- ever cost something first
before as (

    select
        versions.model_name,
        versions.model_version,
        others.model_version as version_before,
        row_number() over (
            partition by versions.model_name, versions.model_version
            order by
                case when others.model_version = versions.parent_version then 0 else 1 end,
                case when others.first_billed_date is not null then 0 else 1 end,
                others.since desc, others.model_version desc
        ) as nearness
    from versions
    inner join versions as others
        on
            versions.model_name = others.model_name
            and versions.model_version <> others.model_version
            and (
                versions.parent_version = others.model_version
                or versions.since is null
                or versions.since > others.since
            )

)

select
    versions.model_name,
    versions.model_version,
    versions.is_registered,
    versions.stage,
    versions.hosting,
    versions.provider_model,
    versions.accelerator,
    before.version_before,
    rates.first_day,
    rates.last_day,
    cast(coalesce(rates.served_days, 0) as integer) as served_days,
    coalesce(rates.requests, 0) as requests,
    coalesce(alongside.model_requests, 0) as model_requests,
    coalesce(rates.total_tokens, 0) as total_tokens,
    {% for kind in kinds %}
    coalesce(tokens.{{ kind }}_tokens, 0) as {{ kind }}_tokens,
    {% endfor %}
    peaks.peak_tokens_per_second,
    cast(coalesce(rates.direct_cost_usd, 0) as decimal(38, 12)) as direct_cost_usd,
    {{ decimal_ratio('rates.direct_cost_usd', 'rates.requests') }} as cost_per_request_usd,
    {{ decimal_ratio('1000000 * cast(rates.direct_cost_usd as double)', 'rates.total_tokens') }}
        as cost_per_mtok_usd,
    prices.token_provider,
    {% for kind in kinds %}
    cast(prices.{{ kind }}_per_mtok as decimal(38, 12)) as {{ kind }}_per_mtok_usd,
    {% endfor %}
    prices.gpu_provider,
    cast(prices.gpu_per_hour as decimal(38, 12)) as gpu_per_hour_usd,
    cast(prices.tokens_per_second as decimal(38, 6)) as tokens_per_second,
    prices.throughput_source,
    evaluations.quality,
    evaluations.evaluated_on,
    '{{ var('quality_metric') }}' as quality_metric,
    cast({{ var('quality_floor') }} as decimal(13, 12)) as quality_floor,
    cast({{ var('version_cost_spike_ratio') }} as decimal(38, 12)) as cost_spike_ratio,
    {{ as_of_day() }} as as_of_date
from versions
left join before
    on
        versions.model_name = before.model_name
        and versions.model_version = before.model_version
        and before.nearness = 1
left join rates
    on
        versions.model_name = rates.model_name
        and versions.model_version = rates.model_version
left join tokens
    on
        versions.model_name = tokens.model_name
        and versions.model_version = tokens.model_version
left join peaks
    on
        versions.model_name = peaks.model_name
        and versions.model_version = peaks.model_version
left join alongside
    on
        versions.model_name = alongside.model_name
        and versions.model_version = alongside.model_version
left join {{ ref('int_prices__registered_versions') }} as prices
    on
        versions.model_name = prices.model_name
        and versions.model_version = prices.model_version
left join evaluations
    on
        versions.model_name = evaluations.model_name
        and versions.model_version = evaluations.model_version
        and evaluations.nearness = 1

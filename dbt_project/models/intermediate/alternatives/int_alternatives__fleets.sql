{% set version = ['month', 'model_name', 'model_version'] %}

-- The GPUs that would carry each version's peak, and what they cost on demand and reserved: of
-- every accelerator on a price list, and of every self-hosted version that the registry has of the
-- model. The cheapest provider speaks for an accelerator.
with measured as (

    select
        model_name,
        model_version,
        lower(accelerator) as accelerator_key,
        min(tokens_per_second) as tokens_per_second
    from {{ ref('int_demand__throughput') }}
    where throughput_basis = 'measured'
    group by model_name, model_version, lower(accelerator)

),

candidates as (

    select
        {{ version | join(', ') }},
        cast(null as varchar) as alternative_version,
        accelerator_key,
        model_version as host_version
    from {{ ref('int_alternatives__gpu_prices') }}
    group by {{ version | join(', ') }}, accelerator_key
    union all
    select
        {{ version | join(', ') }},
        alternative_version,
        accelerator_key,
        alternative_version as host_version
    from {{ ref('int_alternatives__siblings') }}
    where hosting = 'self_hosted'

),

sized as (

    select
        candidates.*,
        usage.peak_tokens_per_second,
        prices.provider_key,
        prices.on_demand_usd,
        prices.reserved_1y_usd,
        coalesce(measured.tokens_per_second, prices.tokens_per_second) as tokens_per_second,
        case
            when measured.tokens_per_second is not null then 'measured'
            else coalesce(prices.throughput_source, 'unknown')
        end as throughput_source
    from candidates
    inner join {{ ref('int_alternatives__usage') }} as usage
        on
            candidates.month = usage.month
            and candidates.model_name = usage.model_name
            and candidates.model_version = usage.model_version
    left join {{ ref('int_alternatives__gpu_prices') }} as prices
        on
            candidates.month = prices.month
            and candidates.model_name = prices.model_name
            and candidates.model_version = prices.model_version
            and candidates.accelerator_key = prices.accelerator_key
    left join measured
        on
            candidates.model_name = measured.model_name
            and candidates.host_version = measured.model_version
            and candidates.accelerator_key = measured.accelerator_key

),

counted as (

    select
        *,
        -- a throughput of next to nothing is none
        case
            when tokens_per_second > 0 and peak_tokens_per_second / tokens_per_second < 1000000000
                then cast(
                    greatest(1, ceil(peak_tokens_per_second / tokens_per_second))
                    as decimal(10, 0)
                )
        end as gpus
    from sized

),

terms as (

    {% for term in ['on_demand', 'reserved_1y'] %}
    select
        {{ version | join(', ') }},
        alternative_version,
        accelerator_key,
        '{{ term }}' as term,
        provider_key,
        {{ term }}_usd as gpu_usd,
        tokens_per_second,
        throughput_source,
        gpus,
        cast(cast({{ term }}_usd as decimal(28, 12)) * gpus as decimal(38, 12)) as cost_usd
    from counted
    -- a version of the registry is shown also where nothing says what it would cost
    where
        {{ term }}_usd is not null
        {% if term == 'on_demand' %}
        or alternative_version is not null
        {% endif %}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

ranked as (

    select
        *,
        row_number() over (
            partition by
                {{ version | join(', ') }}, alternative_version, accelerator_key, term
            order by case when cost_usd is null then 1 else 0 end, cost_usd, gpu_usd, provider_key
        ) as cost_rank
    from terms

)

select
    {{ version | join(', ') }},
    alternative_version,
    accelerator_key,
    term,
    provider_key,
    gpu_usd,
    tokens_per_second,
    throughput_source,
    gpus,
    cost_usd
from ranked
where cost_rank = 1

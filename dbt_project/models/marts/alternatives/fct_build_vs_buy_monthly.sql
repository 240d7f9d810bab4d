{% set version = ['month', 'model_name', 'model_version'] %}

-- What each version's usage of a month cost, and would have cost elsewhere: on the other versions
-- that the registry has of its model, on every accelerator and every vendor model on a price list.
with alternatives as (

    select
        {{ version | join(', ') }},
        case when alternative_version is null then 'indicative' else 'registered' end as basis,
        term as alternative_kind,
        alternative_version,
        provider_key,
        cast(null as varchar) as provider_model,
        accelerator_key,
        tokens_per_second,
        throughput_source,
        gpus,
        gpu_usd,
        cost_usd
    from {{ ref('int_alternatives__fleets') }}
    union all
    select
        siblings.month,
        siblings.model_name,
        siblings.model_version,
        'registered' as basis,
        'api' as alternative_kind,
        siblings.alternative_version,
        costs.provider_key,
        siblings.provider_model,
        cast(null as varchar) as accelerator_key,
        cast(null as double) as tokens_per_second,
        cast(null as varchar) as throughput_source,
        cast(null as decimal(10, 0)) as gpus,
        cast(null as decimal(38, 12)) as gpu_usd,
        costs.cost_usd
    from {{ ref('int_alternatives__siblings') }} as siblings
    left join {{ ref('int_alternatives__api_costs') }} as costs
        on
            siblings.month = costs.month
            and siblings.model_name = costs.model_name
            and siblings.model_version = costs.model_version
            and siblings.provider_model = costs.provider_model
    where siblings.hosting = 'api'
    union all
    select
        {{ version | join(', ') }},
        'indicative' as basis,
        'api' as alternative_kind,
        cast(null as varchar) as alternative_version,
        provider_key,
        provider_model,
        cast(null as varchar) as accelerator_key,
        cast(null as double) as tokens_per_second,
        cast(null as varchar) as throughput_source,
        cast(null as decimal(10, 0)) as gpus,
        cast(null as decimal(38, 12)) as gpu_usd,
        cost_usd
    from {{ ref('int_alternatives__api_costs') }}

),

quality as (

    select
        cast(date_trunc('month', date_day) as date) as month,
        model_name,
        model_version,
        cast({{ mean_score('score', 'samples') }} as decimal(38, 12)) as score
    from {{ ref('stg_quality__evaluations') }}
    where metric = '{{ var('quality_metric') }}'
    group by date_trunc('month', date_day), model_name, model_version

),

compared as (

    select
        usage.month,
        usage.model_name,
        usage.model_version,
        usage.hosting,
        usage.requests,
        usage.total_tokens,
        usage.peak_tokens_per_second,
        24 * usage.days as hours,
        usage.capacity_tokens,
        usage.actual_cost_usd,
        concat(
            case
                when alternatives.basis = 'registered'
                    then concat('version:', alternatives.alternative_version)
                when alternatives.alternative_kind = 'api'
                    then concat('api:', alternatives.provider_model)
                else concat('gpu:', coalesce(names.accelerator, alternatives.accelerator_key))
            end,
            case
                when alternatives.alternative_kind = 'api' then ''
                else concat(':', alternatives.alternative_kind)
            end
        ) as alternative,
        alternatives.basis,
        alternatives.alternative_kind,
        alternatives.alternative_version,
        alternatives.provider_key,
        alternatives.provider_model,
        coalesce(names.accelerator, alternatives.accelerator_key) as accelerator,
        alternatives.tokens_per_second,
        alternatives.throughput_source,
        alternatives.gpus,
        alternatives.gpu_usd,
        alternatives.cost_usd,
        own.score as quality,
        other.score as alternative_quality,
        usage.hosting = 'api' and alternatives.alternative_kind <> 'api' as is_build,
        usage.hosting <> 'api' and alternatives.alternative_kind = 'api' as is_buy
    from {{ ref('int_alternatives__usage') }} as usage
    inner join alternatives
        on
            usage.month = alternatives.month
            and usage.model_name = alternatives.model_name
            and usage.model_version = alternatives.model_version
    left join {{ ref('int_gpu__accelerator_names') }} as names
        on alternatives.accelerator_key = names.accelerator_key
    left join quality as own
        on
            usage.month = own.month
            and usage.model_name = own.model_name
            and usage.model_version = own.model_version
    left join quality as other
        on
            usage.month = other.month
            and usage.model_name = other.model_name
            and alternatives.alternative_version = other.model_version
    -- what a vendor's version is bought from is no alternative to it
    where
        alternatives.basis = 'registered'
        or usage.hosting <> 'api'
        or alternatives.provider_model is null
        or alternatives.provider_model <> coalesce(usage.provider_model, '')

)

select
    month,
    model_name,
    model_version,
    alternative,
    basis,
    alternative_kind,
    hosting,
    alternative_version,
    provider_key as provider,
    provider_model,
    accelerator,
    requests,
    total_tokens,
    peak_tokens_per_second,
    cast(hours as integer) as hours,
    cast(gpus as bigint) as gpus,
    {{ decimal_ratio('gpu_usd', 'hours') }} as price_per_hour_usd,
    cast(tokens_per_second as double) as tokens_per_second,
    throughput_source,
    actual_cost_usd,
    cost_usd as alternative_cost_usd,
    cast(actual_cost_usd - cost_usd as decimal(38, 12)) as saving_usd,
    -- tokens over what the GPUs could serve, times what they cost over what the vendor does
    case
        when is_build and actual_cost_usd > 0
            then {{ decimal_ratio(
                'cast(total_tokens as double) * cast(cost_usd as double)',
                'gpus * tokens_per_second * hours * 3600 * cast(actual_cost_usd as double)'
            ) }}
        when is_buy and cost_usd > 0
            then {{ decimal_ratio(
                'cast(total_tokens as double) * cast(actual_cost_usd as double)',
                'cast(capacity_tokens as double) * cast(cost_usd as double)'
            ) }}
    end as break_even_utilization,
    case
        when is_build and actual_cost_usd > 0
            then {{ decimal_ratio(
                'cast(total_tokens as double) * cast(cost_usd as double)',
                '1000000 * cast(actual_cost_usd as double)'
            ) }}
        when is_buy and cost_usd > 0
            then {{ decimal_ratio(
                'cast(total_tokens as double) * cast(actual_cost_usd as double)',
                '1000000 * cast(cost_usd as double)'
            ) }}
    end as break_even_mtok,
    quality,
    alternative_quality
from compared

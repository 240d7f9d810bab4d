-- What the price lists say, on the as-of day, of each registered version: tokens of its vendor's
-- model, and a GPU of its accelerator. The provider that asks the least speaks for both.
with token_prices as (

    select
        *,
        row_number() over (
            partition by provider_model
            order by input_per_mtok + output_per_mtok, provider_key
        ) as price_rank
    from {{ ref('stg_prices__token_prices') }}
    where
        valid_from <= {{ as_of_day() }}
        and valid_before > {{ as_of_day() }}

),

gpu_lines as (

    select
        versions.model_name,
        versions.model_version,
        prices.provider_key,
        prices.model_name is not null as is_of_model,
        prices.on_demand_per_hour,
        case when prices.tokens_per_second > 0 then prices.tokens_per_second end
            as tokens_per_second
    from {{ ref('stg_registry__model_versions') }} as versions
    inner join {{ ref('stg_prices__gpu_prices') }} as prices
        on
            lower(versions.accelerator) = lower(prices.accelerator)
            and versions.model_name = coalesce(prices.model_name, versions.model_name)
    where
        prices.valid_from <= {{ as_of_day() }}
        and prices.valid_before > {{ as_of_day() }}

),

-- a provider's line for the model goes before its line for any
gpu_offers as (

    select
        model_name,
        model_version,
        provider_key,
        {% for column in ['on_demand_per_hour', 'tokens_per_second'] %}
        coalesce(
            max(case when is_of_model then {{ column }} end),
            max(case when not is_of_model then {{ column }} end)
        ) as {{ column }}{{ ',' if not loop.last }}
        {% endfor %}
    from gpu_lines
    group by model_name, model_version, provider_key

),

gpu_prices as (

    select
        *,
        row_number() over (
            partition by model_name, model_version
            order by
                case when on_demand_per_hour is null then 1 else 0 end, on_demand_per_hour,
                case when tokens_per_second is null then 1 else 0 end, provider_key
        ) as price_rank
    from gpu_offers

),

-- what its model has kept up on that accelerator, whatever the version
measured as (

    select
        model_name,
        lower(accelerator) as accelerator_key,
        min(tokens_per_second) as tokens_per_second
    from {{ ref('int_demand__throughput') }}
    where throughput_basis = 'measured'
    group by model_name, lower(accelerator)

)

select
    versions.model_name,
    versions.model_version,
    token_prices.provider_key as token_provider,
    token_prices.input_per_mtok,
    token_prices.output_per_mtok,
    token_prices.cache_read_per_mtok,
    token_prices.cache_creation_per_mtok,
    gpu_prices.provider_key as gpu_provider,
    gpu_prices.on_demand_per_hour as gpu_per_hour,
    coalesce(measured.tokens_per_second, gpu_prices.tokens_per_second) as tokens_per_second,
    case
        when measured.tokens_per_second is not null then 'measured'
        when gpu_prices.tokens_per_second is not null then 'price list'
    end as throughput_source
from {{ ref('stg_registry__model_versions') }} as versions
left join token_prices
    on
        versions.provider_model = token_prices.provider_model
        and token_prices.price_rank = 1
left join gpu_prices
    on
        versions.model_name = gpu_prices.model_name
        and versions.model_version = gpu_prices.model_version
        and gpu_prices.price_rank = 1
left join measured
    on
        versions.model_name = measured.model_name
        and lower(versions.accelerator) = measured.accelerator_key

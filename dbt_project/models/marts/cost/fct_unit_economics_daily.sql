with joined as (

    select
        coalesce(usage.date_day, costs.date_day) as date_day,
        coalesce(usage.model_name, costs.model_name) as model_name,
        coalesce(usage.model_version, costs.model_version) as model_version,
        coalesce(usage.endpoint, costs.endpoint) as endpoint,
        coalesce(usage.accelerator, costs.accelerator) as accelerator,
        coalesce(usage.requests, 0) as requests,
        coalesce(usage.successful_requests, 0) as successful_requests,
        coalesce(usage.input_tokens, 0) as input_tokens,
        coalesce(usage.output_tokens, 0) as output_tokens,
        coalesce(usage.input_tokens, 0) + coalesce(usage.output_tokens, 0) as total_tokens,
        coalesce(costs.direct_cost_usd, 0) as direct_cost_usd,
        coalesce(costs.loaded_cost_usd, 0) as loaded_cost_usd
    from {{ ref('int_requests__served_daily') }} as usage
    full outer join {{ ref('int_cost__by_accelerator') }} as costs
        on
            usage.date_day = costs.date_day
            and usage.model_name = costs.model_name
            and usage.model_version = costs.model_version
            and usage.endpoint = costs.endpoint
            and usage.accelerator = costs.accelerator

)

select
    date_day,
    model_name,
    model_version,
    endpoint,
    accelerator,
    requests,
    successful_requests,
    input_tokens,
    output_tokens,
    total_tokens,
    cast(direct_cost_usd as decimal(38, 12)) as direct_cost_usd,
    cast(loaded_cost_usd as decimal(38, 12)) as loaded_cost_usd,
    {{ decimal_ratio('direct_cost_usd', 'requests') }} as cost_per_request_usd,
    {{ decimal_ratio('direct_cost_usd', 'successful_requests') }}
        as cost_per_successful_request_usd,
    {{ decimal_ratio('direct_cost_usd * 1000000', 'total_tokens') }} as cost_per_mtok_usd,
    {{ decimal_ratio('loaded_cost_usd', 'requests') }} as loaded_cost_per_request_usd,
    {{ decimal_ratio('loaded_cost_usd * 1000000', 'total_tokens') }} as loaded_cost_per_mtok_usd
from joined

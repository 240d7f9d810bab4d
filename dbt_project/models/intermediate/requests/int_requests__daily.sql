{{ config(materialized='view') }}

-- Usage per day and workload, with the vendor model as the price list or the registry knows it: the
-- model that answered, else the one that was asked for.
with daily as (

    select
        date_day,
        provider_key,
        request_model,
        response_model,
        model_name,
        model_version,
        endpoint,
        team,
        feature,
        cast(sum(requests) as bigint) as requests,
        cast(sum(input_tokens) as bigint) as input_tokens,
        cast(sum(output_tokens) as bigint) as output_tokens,
        cast(sum(cache_read_tokens) as bigint) as cache_read_tokens,
        cast(sum(cache_creation_tokens) as bigint) as cache_creation_tokens
    from {{ ref('int_requests__five_minutes') }}
    group by
        date_day, provider_key, request_model, response_model,
        model_name, model_version, endpoint, team, feature

)

select
    daily.date_day,
    daily.provider_key,
    coalesce(
        responded.provider_model, requested.provider_model,
        daily.response_model, daily.request_model
    ) as provider_model,
    daily.model_name,
    daily.model_version,
    daily.endpoint,
    daily.team,
    daily.feature,
    daily.requests,
    daily.input_tokens,
    daily.output_tokens,
    daily.cache_read_tokens,
    daily.cache_creation_tokens
from daily
left join {{ ref('int_prices__known_models') }} as responded
    on daily.response_model = responded.provider_model
left join {{ ref('int_prices__known_models') }} as requested
    on daily.request_model = requested.provider_model

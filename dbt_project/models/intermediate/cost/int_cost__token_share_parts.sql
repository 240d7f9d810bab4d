-- Vendor charges for a model, divided over our workloads that used it that day.
with candidates as (

    select
        days.charge_id,
        days.date_day,
        days.billed_cost,
        days.effective_cost,
        days.list_cost,
        days.billed_cost_usd,
        days.effective_cost_usd,
        weights.model_name,
        weights.model_version,
        weights.endpoint,
        weights.team,
        weights.weight
    from {{ ref('int_billing__charge_days') }} as days
    inner join {{ ref('int_cost__routes') }} as routes
        on
            days.charge_id = routes.charge_id
            and days.date_day = routes.date_day
            and routes.allocation_method = 'token_share'
    inner join {{ ref('int_requests__vendor_weights') }} as weights
        on
            routes.date_day = weights.date_day
            and routes.provider_model = weights.provider_model
            and routes.token_type = weights.token_type
            and routes.usage_provider_key = weights.provider_key

)

{{ split_exactly(
    'candidates',
    group_by=['charge_id', 'date_day'],
    weight='weight',
    tie_break=['model_name', 'model_version', 'endpoint', 'team'],
    amounts=['billed_cost', 'effective_cost', 'list_cost', 'billed_cost_usd', 'effective_cost_usd']
) }}

-- Charges of GPU resources, divided by sampled GPU time of the day. Time with no workload is idle.
with candidates as (

    select
        days.charge_id,
        days.date_day,
        days.billed_cost,
        days.effective_cost,
        days.list_cost,
        days.billed_cost_usd,
        days.effective_cost_usd,
        usage.accelerator,
        usage.model_name,
        usage.model_version,
        usage.endpoint,
        usage.team,
        usage.is_held,
        usage.held_us
    from {{ ref('int_billing__charge_days') }} as days
    inner join {{ ref('int_cost__routes') }} as routes
        on
            days.charge_id = routes.charge_id
            and days.date_day = routes.date_day
            and routes.allocation_method = 'gpu_time'
    inner join {{ ref('int_gpu__resource_days') }} as usage
        on
            days.date_day = usage.date_day
            and days.resource_key = usage.resource_key

)

{{ split_exactly(
    'candidates',
    group_by=['charge_id', 'date_day'],
    weight='held_us',
    tie_break=['model_name', 'model_version', 'endpoint', 'team', 'accelerator', 'is_held'],
    amounts=['billed_cost', 'effective_cost', 'list_cost', 'billed_cost_usd', 'effective_cost_usd']
) }}

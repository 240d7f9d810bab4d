-- Platform charges without a model (orchestration, vector database, embedding, cache), divided by
-- the requests of the day.
with usage as (

    select
        date_day,
        model_name,
        model_version,
        endpoint,
        team,
        cast(sum(requests) as bigint) as requests
    from {{ ref('int_requests__daily') }}
    group by date_day, model_name, model_version, endpoint, team

),

candidates as (

    select
        days.charge_id,
        days.date_day,
        days.billed_cost,
        days.effective_cost,
        days.list_cost,
        days.billed_cost_usd,
        days.effective_cost_usd,
        usage.model_name,
        usage.model_version,
        usage.endpoint,
        usage.team,
        usage.requests
    from {{ ref('int_billing__charge_days') }} as days
    inner join {{ ref('int_cost__routes') }} as routes
        on
            days.charge_id = routes.charge_id
            and days.date_day = routes.date_day
            and routes.allocation_method = 'shared'
    inner join usage
        on days.date_day = usage.date_day

)

{{ split_exactly(
    'candidates',
    group_by=['charge_id', 'date_day'],
    weight='requests',
    tie_break=['model_name', 'model_version', 'endpoint', 'team'],
    amounts=['billed_cost', 'effective_cost', 'list_cost', 'billed_cost_usd', 'effective_cost_usd']
) }}

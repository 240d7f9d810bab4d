-- Idle money handed to those who held the same resource on the same day, by their GPU time. Where
-- nobody did, it stays with nobody.
with idle as (

    select
        date_day,
        resource_key,
        cast(sum(effective_cost_usd) as decimal(38, 12)) as idle_cost_usd
    from {{ ref('int_cost__parts') }}
    where allocation_method = 'idle'
    group by date_day, resource_key

),

candidates as (

    select
        idle.date_day,
        idle.resource_key,
        idle.idle_cost_usd,
        usage.accelerator,
        usage.model_name,
        usage.model_version,
        usage.endpoint,
        usage.team,
        usage.held_us
    from idle
    inner join {{ ref('int_gpu__resource_days') }} as usage
        on
            idle.date_day = usage.date_day
            and idle.resource_key = usage.resource_key
            and usage.is_held
    where idle.idle_cost_usd is not null

)

{{ split_exactly(
    'candidates',
    group_by=['date_day', 'resource_key'],
    weight='held_us',
    tie_break=['model_name', 'model_version', 'endpoint', 'team', 'accelerator'],
    amounts=['idle_cost_usd']
) }}

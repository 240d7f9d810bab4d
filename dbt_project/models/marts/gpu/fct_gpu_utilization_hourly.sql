{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook="{{ forget_days('cost', 'cast(hour as date)') }}"
) }}

-- A view of all cost of GPU resources by who held the GPU: it ties to the bill per resource and
-- day, and is not to be added to the cost mart.
with bills as (

    select
        date_day,
        resource_key,
        cast(sum(effective_cost_usd) as decimal(38, 12)) as cost_usd
    from {{ ref('int_billing__charge_days') }}
    where
        effective_cost_usd is not null
        {{ affected_days_only('cost', 'date_day') }}
    group by date_day, resource_key

),

hours as (

    select *
    from {{ ref('int_gpu__hourly') }}
    where
        true
        {{ affected_days_only('cost', 'date_day') }}

),

candidates as (

    select
        hours.date_day,
        hours.resource_key,
        hours.hour,
        hours.gpu_uuid,
        hours.model_name,
        hours.model_version,
        hours.endpoint,
        hours.team,
        hours.hostname,
        hours.accelerator,
        hours.is_held,
        hours.held_us,
        bills.cost_usd
    from hours
    inner join bills
        on
            hours.date_day = bills.date_day
            and hours.resource_key = bills.resource_key

),

costs as (

    {{ split_exactly(
        'candidates',
        group_by=['date_day', 'resource_key'],
        weight='held_us',
        tie_break=[
            'hour', 'gpu_uuid', 'model_name', 'model_version', 'endpoint', 'team', 'accelerator',
            'hostname', 'is_held',
        ],
        amounts=['cost_usd']
    ) }}

),

costed as (

    select
        hours.*,
        coalesce(costs.cost_usd, 0) as cost_usd
    from hours
    left join costs
        on
            hours.resource_key = costs.resource_key
            and hours.hour = costs.hour
            and hours.gpu_uuid = costs.gpu_uuid
            and hours.model_name = costs.model_name
            and hours.model_version = costs.model_version
            and hours.endpoint = costs.endpoint
            and hours.team = costs.team
            and hours.accelerator = costs.accelerator
            and coalesce(hours.hostname, '') = coalesce(costs.hostname, '')
            and hours.is_held = costs.is_held

),

-- A GPU that changed host or resource within the hour is still one row of the mart.
combined as (

    select
        hour,
        gpu_uuid,
        model_name,
        model_version,
        endpoint,
        team,
        min(accelerator) as accelerator,
        min(hostname) as hostname,
        bool_or(is_held) as is_held,
        cast(sum(held_us) as bigint) as held_us,
        {% for measure in [
            'utilization_ratio', 'sm_active_ratio', 'tensor_active_ratio', 'memory_ratio', 'power_w'
        ] %}
        {{ weighted_mean(measure, 'held_us') }} as {{ measure }},
        {% endfor %}
        cast(sum(cost_usd) as decimal(38, 12)) as cost_usd
    from costed
    group by hour, gpu_uuid, model_name, model_version, endpoint, team

)

select
    hour,
    gpu_uuid,
    model_name,
    model_version,
    endpoint,
    team,
    accelerator,
    hostname,
    is_held,
    held_us / 3600000000.0 as gpu_hours,
    utilization_ratio as avg_utilization,
    sm_active_ratio as sm_active,
    tensor_active_ratio as tensor_active,
    memory_ratio,
    power_w,
    cost_usd,
    cast(
        case
            when not is_held or utilization_ratio < {{ var('utilization_idle_below') }}
                then cost_usd
            else 0
        end as decimal(38, 12)
    ) as idle_cost_usd,
    case
        when utilization_ratio is null and is_held then 'unknown'
        when utilization_ratio is null or utilization_ratio < {{ var('utilization_idle_below') }}
            then 'idle'
        when utilization_ratio >= {{ var('utilization_on_target_from') }} then 'on_target'
        else 'low'
    end as utilization_band
from combined

{% set affected_days = ref('int_jobs__affected_days') %}

{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook="{% if is_incremental() %}delete from {{ this }} where date_day in (
        select date_day from {{ ref('int_jobs__affected_days') }}
    ){% endif %}"
) }}

-- Queue wait against allocation. Jobs, waits, requested and allocated hours stand on the day a job
-- was submitted; used and idle hours on the day they happened, beside the jobs alive that day.
with alive_days as (

    select distinct
        team,
        accelerator,
        cast({{ each_step('submit_day', 'last_day', '1 day') }} as date) as date_day
    from {{ ref('int_jobs__alive') }}

),

submitted as (

    select
        submit_day as date_day,
        team,
        accelerator,
        count(*) as jobs,
        percentile_cont(0.5) within group (order by wait_us) / 1000000 as wait_p50_s,
        percentile_cont(0.95) within group (order by wait_us) / 1000000 as wait_p95_s,
        cast(sum(cast(coalesce(requested_gpus, 0) * run_us as decimal(38, 0))) as double)
        / 3600000000 as requested_gpu_hours,
        cast(sum(cast(allocated_gpus * run_us as decimal(38, 0))) as double)
        / 3600000000 as allocated_gpu_hours
    from {{ ref('int_jobs__alive') }}
    group by submit_day, team, accelerator

),

-- What each team's jobs may run on; use of anything else stands beside jobs of no known type.
claims as (

    select
        alive_days.date_day,
        alive_days.team,
        types.accelerator,
        min(alive_days.accelerator) as claimed_as
    from alive_days
    inner join {{ ref('int_jobs__gpu_types') }} as types
        on alive_days.accelerator = types.accelerator_label
    group by alive_days.date_day, alive_days.team, types.accelerator

),

used as (

    select
        hours.date_day,
        hours.team,
        coalesce(claims.claimed_as, 'unattributed') as accelerator,
        cast(
            sum(
                cast(hours.utilization_ratio as decimal(9, 6))
                * cast(hours.held_us as decimal(19, 0))
            ) as double
        ) / 3600000000 as used_gpu_hours
    from {{ ref('int_gpu__hourly') }} as hours
    left join claims
        on
            hours.date_day = claims.date_day
            and hours.team = claims.team
            and hours.accelerator = claims.accelerator
    where hours.date_day in (select days.date_day from alive_days as days)
    group by hours.date_day, hours.team, coalesce(claims.claimed_as, 'unattributed')

),

idle_hours as (

    select
        hour,
        accelerator,
        sum(held_us) as idle_us
    from {{ ref('int_gpu__hourly') }}
    where
        date_day in (select days.date_day from alive_days as days)
        and (not is_held or utilization_ratio < {{ var('utilization_idle_below') }})
    group by hour, accelerator

),

-- A job of no known type could have run on any of them.
wanted_idle as (

    select
        hours.hour,
        types.accelerator_label as accelerator,
        sum(hours.idle_us) as idle_us
    from idle_hours as hours
    inner join (
        select distinct
            accelerator,
            accelerator_label
        from {{ ref('int_jobs__gpu_types') }}
    ) as types
        on hours.accelerator = types.accelerator
    group by hours.hour, types.accelerator_label
    union all
    select
        hour,
        'unattributed' as accelerator,
        sum(idle_us) as idle_us
    from idle_hours
    group by hour

),

idle_while_queued as (

    select
        waiting.date_day,
        waiting.team,
        waiting.accelerator,
        cast(
            sum(
                {{ whole_share('wanted_idle.idle_us', 'waiting.waiting_us', '3600000000') }}
            ) as double
        ) / 3600000000 as idle_while_queued_gpu_hours
    from {{ ref('int_jobs__waiting_hours') }} as waiting
    inner join wanted_idle
        on
            waiting.hour = wanted_idle.hour
            and waiting.accelerator = wanted_idle.accelerator
    group by waiting.date_day, waiting.team, waiting.accelerator

)

select
    alive_days.date_day,
    alive_days.team,
    alive_days.accelerator,
    coalesce(submitted.jobs, 0) as jobs,
    submitted.wait_p50_s,
    submitted.wait_p95_s,
    coalesce(submitted.requested_gpu_hours, 0) as requested_gpu_hours,
    coalesce(submitted.allocated_gpu_hours, 0) as allocated_gpu_hours,
    coalesce(used.used_gpu_hours, 0) as used_gpu_hours,
    coalesce(idle_while_queued.idle_while_queued_gpu_hours, 0) as idle_while_queued_gpu_hours
from alive_days
left join submitted
    on
        alive_days.date_day = submitted.date_day
        and alive_days.team = submitted.team
        and alive_days.accelerator = submitted.accelerator
left join used
    on
        alive_days.date_day = used.date_day
        and alive_days.team = used.team
        and alive_days.accelerator = used.accelerator
left join idle_while_queued
    on
        alive_days.date_day = idle_while_queued.date_day
        and alive_days.team = idle_while_queued.team
        and alive_days.accelerator = idle_while_queued.accelerator
{% if is_incremental() %}
where alive_days.date_day in (select days.date_day from {{ affected_days }} as days)
{% endif %}

{% set affected_days = ref('int_jobs__affected_days') %}

{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook="{% if is_incremental() %}delete from {{ this }} where date_day in (
        select date_day from {{ ref('int_jobs__affected_days') }}
    ){% endif %}"
) }}

-- GPUs that jobs wanted, by accelerator and hour: each job from the moment it could run, for as
-- long as it ran. A job that waited wanted its GPUs before it got them, and wanted them no longer
-- for having waited: so the hours of GPUs wanted are those that were run, and the queue is not
-- counted on top. A pending job wants its GPUs up to the export; one that ended before it began
-- wanted none. What the scheduler runs to serve is demand of requests, not of jobs.
with jobs as (

    select
        accelerator,
        coalesce(nullif(allocated_gpus, 0), requested_gpus, 0) as gpus,
        greatest(coalesce(eligible_at, submitted_at), submitted_at) as wanted_from,
        started_at,
        alive_until,
        run_us
    from {{ ref('int_jobs__alive') }}
    where
        lifecycle_stage <> 'deployment'
        and (started_at is not null or ended_at is null)

),

spans as (

    select
        accelerator,
        gpus,
        wanted_from,
        case
            when started_at is not null then {{ plus_micros('wanted_from', 'run_us') }}
            else alive_until
        end as wanted_until
    from jobs
    where gpus > 0

),

hours as (

    select
        *,
        {{ each_step(
            "date_trunc('hour', wanted_from)",
            "date_trunc('hour', " ~ plus_micros('wanted_until', -1) ~ ")",
            '1 hour'
        ) }} as hour
    from spans
    where wanted_until > wanted_from

)

select
    accelerator,
    hour,
    cast(hour as date) as date_day,
    cast(
        sum(
            cast(gpus as decimal(18, 0)) * cast({{ micros_between(
                'greatest(wanted_from, hour)', "least(wanted_until, hour + interval '1 hour')"
            ) }} as decimal(18, 0))
        ) as decimal(38, 0)
    ) as wanted_us
from hours
{% if is_incremental() %}
where cast(hour as date) in (select days.date_day from {{ affected_days }} as days)
{% endif %}
group by accelerator, hour

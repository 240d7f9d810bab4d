-- GPUs that jobs want, every hour from an accelerator's first job to the newest hour that is known:
-- the last whole one before the scheduler's exports end, and none after the newest hour of calls.
with reach as (

    select
        least(
            (
                select date_trunc('hour', max(jobs.alive_until)) - interval '1 hour'
                from {{ ref('stg_scheduler__jobs') }} as jobs
            ),
            coalesce(
                (
                    select max(demand.ds)
                    from {{ ref('int_demand__hourly') }} as demand
                ),
                cast('9999-12-31' as timestamp)
            )
        ) as last_ds

),

series as (

    select
        wanted.accelerator,
        min(wanted.hour) as first_ds,
        max(reach.last_ds) as last_ds
    from {{ ref('int_jobs__wanted_hours') }} as wanted
    cross join reach
    group by wanted.accelerator

),

hours as (

    select
        accelerator,
        {{ each_step('first_ds', 'last_ds', '1 hour') }} as ds
    from series
    where last_ds >= first_ds

)

select
    concat('training:', hours.accelerator) as unique_id,
    hours.accelerator,
    hours.ds,
    coalesce(cast(wanted.wanted_us as double), 0) / 3600000000 as gpus
from hours
left join {{ ref('int_jobs__wanted_hours') }} as wanted
    on
        hours.accelerator = wanted.accelerator
        and hours.ds = wanted.hour

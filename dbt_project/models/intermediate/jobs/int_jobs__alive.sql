-- GPU jobs that waited or ran on a day to be built. A job that asks for no GPU is none; one that
-- says nothing of what it asks for may be.
{% set affected_days = ref('int_jobs__affected_days') %}
{% set built = earlier('marts', 'fct_gpu_queue_daily') and not flags.FULL_REFRESH %}

with jobs as (

    select
        jobs.job_id,
        jobs.submitted_at,
        jobs.team,
        jobs.lifecycle_stage,
        jobs.requested_gpus,
        jobs.allocated_gpus,
        jobs.eligible_at,
        jobs.started_at,
        jobs.ended_at,
        jobs.alive_until,
        jobs.submit_day,
        cast(jobs.alive_until as date) as last_day,
        coalesce(types.accelerator_label, jobs.gpu_type, 'unattributed') as accelerator,
        -- greatest() overlooks a null: who has not started has no wait of zero
        case
            when jobs.started_at is not null
                then greatest(
                    {{ micros_between(
                        'coalesce(jobs.eligible_at, jobs.submitted_at)', 'jobs.started_at'
                    ) }},
                    0
                )
        end as wait_us,
        greatest(
            coalesce({{ micros_between('jobs.started_at', 'jobs.alive_until') }}, 0), 0
        ) as run_us
    from {{ ref('stg_scheduler__jobs') }} as jobs
    left join (
        select distinct
            gpu_type,
            accelerator_label
        from {{ ref('int_jobs__gpu_types') }}
    ) as types
        on jobs.gpu_type = types.gpu_type
    where coalesce(jobs.requested_gpus, 1) > 0

)

select *
from jobs
{% if built %}
where exists (
    select 1
    from {{ affected_days }} as days
    where days.date_day between jobs.submit_day and jobs.last_day
)
{% endif %}

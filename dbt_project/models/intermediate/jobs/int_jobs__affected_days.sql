-- Days of the queue to build again: those on which a job of a changed export, or of a GPU type that
-- means something else now, was alive in any of its versions, and those with other telemetry.
with changed as (

    select distinct
        versions.array_id,
        versions.submitted_at
    from {{ ref('stg_scheduler__job_versions') }} as versions
    left join {{ ref('int_refresh__changed_files') }} as files
        on
            versions.file = files.file
            and files.source = 'gpu_jobs'
    left join {{ ref('int_jobs__changed_gpu_types') }} as types
        on versions.gpu_type = types.gpu_type
    where
        files.file is not null
        or types.gpu_type is not null

),

spans as (

    select distinct
        versions.submit_day,
        cast(versions.alive_until as date) as last_day
    from {{ ref('stg_scheduler__job_versions') }} as versions
    inner join changed
        on
            versions.array_id = changed.array_id
            and versions.submitted_at = changed.submitted_at

)

select distinct cast({{ each_step('submit_day', 'last_day', '1 day') }} as date) as date_day
from spans
union
select date_day
from {{ ref('int_refresh__affected_days') }}
where scope = 'gpu'

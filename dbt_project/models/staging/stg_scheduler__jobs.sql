-- One row per scheduler job, as the newest export that lists it says. A pending array counts only
-- in the newest export of its array: later its tasks have ids of their own, and would count twice.
with live_versions as (

    select
        versions.*,
        live.delivery_sort_key
    from {{ ref('stg_scheduler__job_versions') }} as versions
    inner join {{ ref('stg_lake__live_files') }} as live
        on
            versions.file = live.file
            and versions.load_id = live.load_id
            and live.source = 'gpu_jobs'

),

ranked as (

    select
        *,
        row_number() over (
            partition by job_id, submitted_at
            order by load_id desc, delivery_sort_key desc, file desc, row_number desc
        ) as export_rank,
        rank() over (
            partition by array_id, submitted_at
            order by load_id desc, delivery_sort_key desc, file desc
        ) as array_rank
    from live_versions

)

select * exclude (export_rank, array_rank, delivery_sort_key)
from ranked
where
    export_rank = 1
    and (not is_pending_array or array_rank = 1)

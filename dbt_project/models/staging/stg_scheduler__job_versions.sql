-- Every scheduler job of every version of every export, without steps.
with exported as (

    select
        trim(job_id) as job_id,
        nullif({{ regex_group('trim(job_id)', '^([0-9]+)_', 1) }}, '') as array_id,
        -- `17_[3-9]` stands for tasks that have no ids of their own yet
        contains(job_id, '_[') as is_pending_array,
        {{ name_key('account') }} as account,
        -- "CANCELLED by 1000"
        {{ regex_group('upper(trim(state))', '^([^ +]*)', 1) }} as state,
        submit as submitted_at,
        eligible as eligible_at,
        start as started_at,
        "end" as ended_at,
        nullif(trim(alloc_tres), '') as alloc_tres,
        nullif(trim(req_tres), '') as req_tres,
        comment,
        -- When an export was made is not in it; its newest time is the nearest known.
        max(greatest(submit, eligible, start, "end")) over (
            partition by _file, _dlt_load_id
        ) as exported_at,
        _file as file,
        _dlt_load_id as load_id,
        _row_number as row_number
    from {{ source('lake', 'gpu_jobs') }}

)

select
    job_id,
    submitted_at,
    file,
    load_id,
    row_number,
    coalesce(array_id, job_id) as array_id,
    is_pending_array,
    state,
    {{ or_unattributed("coalesce(" ~ comment_identity('comment', 'team') ~ ", account)") }} as team,
    {{ or_unattributed(comment_identity('comment', 'model_name')) }} as model_name,
    {{ or_unattributed(comment_identity('comment', 'model_version')) }} as model_version,
    {{ or_unattributed(comment_identity('comment', 'lifecycle_stage')) }} as lifecycle_stage,
    coalesce(
        {{ comment_identity('comment', 'accelerator') }},
        {{ tres_gpu_type('req_tres') }},
        {{ tres_gpu_type('alloc_tres') }}
    ) as gpu_type,
    coalesce({{ tres_gpus('req_tres') }}, {{ tres_gpus('alloc_tres') }}) as requested_gpus,
    coalesce({{ tres_gpus('alloc_tres') }}, 0) as allocated_gpus,
    eligible_at,
    started_at,
    ended_at,
    -- Until when the job waited or ran, as far as this export knows.
    case
        when ended_at is not null then greatest(ended_at, submitted_at)
        when
            state in (
                '', 'PENDING', 'RUNNING', 'SUSPENDED', 'REQUEUED', 'RESIZING', 'CONFIGURING',
                'COMPLETING'
            )
            then exported_at
        else greatest(submitted_at, eligible_at, started_at)
    end as alive_until,
    cast(submitted_at as date) as submit_day
from exported
where job_id not like '%.%'

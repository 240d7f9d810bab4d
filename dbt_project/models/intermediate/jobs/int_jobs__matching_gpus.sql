{{ config(materialized='view') }}

-- Which accelerators of the fleet a scheduler's GPU type means: the one of that name, or those
-- whose name holds it as a word (`h100` in NVIDIA-H100-80GB-HBM3).
with types as (

    select distinct
        gpu_type,
        '-' || {{ words('gpu_type') }} || '-' as type_words
    from {{ ref('stg_scheduler__job_versions') }}
    where gpu_type is not null

),

fleet as (

    select
        accelerator,
        '-' || {{ words('accelerator_key') }} || '-' as accelerator_words
    from {{ ref('int_gpu__accelerator_names') }}
    where is_in_fleet

)

select
    types.gpu_type,
    fleet.accelerator
from types
inner join fleet
    on contains(fleet.accelerator_words, types.type_words)

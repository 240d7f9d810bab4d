-- depends_on: {{ ref('int_jobs__changed_gpu_types') }}
-- Scheduler GPU types with the accelerators they mean, as this warehouse was built with them. Where
-- one type means several, jobs keep the type's own name.
select
    gpu_type,
    accelerator,
    case
        when count(*) over (partition by gpu_type) = 1 then accelerator
        else gpu_type
    end as accelerator_label
from {{ ref('int_jobs__matching_gpus') }}

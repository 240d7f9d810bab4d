-- GPU types that mean other accelerators than when this warehouse was built.
{% set built_with = earlier('intermediate', 'int_jobs__gpu_types') %}

{% if built_with %}
select distinct coalesce(newest.gpu_type, known.gpu_type) as gpu_type
from {{ ref('int_jobs__matching_gpus') }} as newest
full outer join {{ built_with }} as known
    on
        newest.gpu_type = known.gpu_type
        and newest.accelerator = known.accelerator
where
    newest.gpu_type is null
    or known.gpu_type is null
{% else %}
select distinct gpu_type
from {{ ref('int_jobs__matching_gpus') }}
{% endif %}

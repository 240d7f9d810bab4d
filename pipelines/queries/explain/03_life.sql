-- The version (dim_model_version)
select
    hosting,
    provider_model,
    accelerator,
    stage,
    initiative,
    parent_version,
    deployed_date,
    sunset_date,
    last_call_date,
    last_busy_date,
    last_billed_date,
    is_zombie,
    zombie_reason
from dim_model_version
where model_name = $model and model_version = $version

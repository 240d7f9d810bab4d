-- What each accelerator was asked for and what of it there was, hour by hour: serving, training,
-- and the GPUs that telemetry saw, held or idle. Null is unknown.
with serving as (

    select
        substr(unique_id, 13) as accelerator,
        ds,
        gpus_required as gpus
    from {{ ref('fct_gpu_demand_hourly') }}
    where unique_id like 'accelerator:%' and gpus_required is not null

),

fleet as (

    select
        accelerator,
        hour as ds,
        sum(gpu_hours) as gpus
    from {{ ref('fct_gpu_utilization_hourly') }}
    group by accelerator, hour

),

hours as (

    select
        accelerator,
        ds
    from serving
    union
    select
        accelerator,
        ds
    from {{ ref('int_demand__training_hourly') }}

)

select
    hours.accelerator,
    hours.ds,
    serving.gpus as serving_gpus,
    training.gpus as training_gpus,
    fleet.gpus as allocated_gpus
from hours
left join serving
    on
        hours.accelerator = serving.accelerator
        and hours.ds = serving.ds
left join {{ ref('int_demand__training_hourly') }} as training
    on
        hours.accelerator = training.accelerator
        and hours.ds = training.ds
left join fleet
    on
        hours.accelerator = fleet.accelerator
        and hours.ds = fleet.ds

-- Every hour of every demand series from its first to the newest hour of all series; an hour
-- without requests is a demand of zero. A series has GPUs required where its throughput is known,
-- and GPUs allocated where telemetry knows it. A workload that only telemetry knows (training, say)
-- has allocated GPUs and no word of requests.
with allocated as (

    select
        hour,
        concat(model_name, '/', model_version, '/', endpoint, '/', accelerator) as unique_id,
        sum(held_us) / 3600000000.0 as gpus
    from {{ ref('int_gpu__hourly') }}
    where is_held
    group by hour, model_name, model_version, endpoint, accelerator
    union all
    select
        hour,
        concat('accelerator:', accelerator) as unique_id,
        sum(held_us) / 3600000000.0 as gpus
    from {{ ref('int_gpu__hourly') }}
    where is_held
    group by hour, accelerator

),

series as (

    select
        unique_id,
        min(ds) as first_ds,
        (
            select max(every_series.ds)
            from {{ ref('int_demand__hourly') }} as every_series
        ) as last_ds,
        true as has_requests,
        max(case when gpus_required is not null then 1 else 0 end) = 1 as has_gpus
    from {{ ref('int_demand__hourly') }}
    group by unique_id
    union all
    select
        allocated.unique_id,
        min(allocated.hour) as first_ds,
        (
            select max(every_workload.hour)
            from allocated as every_workload
        ) as last_ds,
        false as has_requests,
        false as has_gpus
    from allocated
    left join (
        select distinct unique_id
        from {{ ref('int_demand__hourly') }}
    ) as requested
        on allocated.unique_id = requested.unique_id
    where requested.unique_id is null
    group by allocated.unique_id

),

hours as (

    select
        unique_id,
        has_requests,
        has_gpus,
        {{ each_step('first_ds', 'last_ds', '1 hour') }} as ds
    from series

),

telemetry as (

    select distinct unique_id
    from allocated

)

select
    hours.unique_id,
    hours.ds,
    case when hours.has_requests then coalesce(demand.requests, 0) end as requests,
    case when hours.has_requests then coalesce(demand.tokens, 0) end as tokens,
    case when hours.has_gpus then coalesce(demand.gpus_required, 0) end as gpus_required,
    case when telemetry.unique_id is not null then coalesce(allocated.gpus, 0) end
        as gpus_allocated,
    demand.queue_s,
    demand.tokens_per_second_per_gpu,
    demand.throughput_basis
from hours
left join {{ ref('int_demand__hourly') }} as demand
    on
        hours.unique_id = demand.unique_id
        and hours.ds = demand.ds
left join telemetry
    on hours.unique_id = telemetry.unique_id
left join allocated
    on
        hours.unique_id = allocated.unique_id
        and hours.ds = allocated.hour

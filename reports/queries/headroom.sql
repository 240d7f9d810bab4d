-- GPUs held over the newest 24 hours against what the forecast asks for in its busiest hour.
with newest as (
    -- The newest hour alone may still be coming in.
    select unique_id, median(gpus_allocated) as gpus_allocated
    from marts.fct_gpu_demand_hourly
    where
        starts_with(unique_id, 'accelerator:')
        and ds > (select max(ds) - interval 24 hours from marts.fct_gpu_demand_hourly)
    group by unique_id
),

ahead as (
    select
        unique_id,
        max(model) as model,
        avg(y_p50) as typical_gpus,
        max(y_p95) as peak_p95_gpus,
        max_by(ds, y_p95) as peak_at
    from marts.gpu_demand_forecast
    where measure = 'gpus' and starts_with(unique_id, 'accelerator:')
    group by unique_id
)

select
    replace(ahead.unique_id, 'accelerator:', '') as accelerator,
    newest.gpus_allocated,
    ahead.typical_gpus,
    ahead.peak_p95_gpus,
    ahead.peak_at,
    newest.gpus_allocated - ahead.peak_p95_gpus as spare_gpus,
    ahead.model
from ahead
left join newest on ahead.unique_id = newest.unique_id
order by ahead.peak_p95_gpus desc, accelerator

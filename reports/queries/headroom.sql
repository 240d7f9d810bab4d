-- GPUs held in the newest hour against what the forecast asks for in its busiest hour.
with newest as (
    select unique_id, gpus_allocated
    from marts.fct_gpu_demand_hourly
    qualify row_number() over (partition by unique_id order by ds desc) = 1
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

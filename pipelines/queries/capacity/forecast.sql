-- The published forecast of GPUs, as the planner reads it.
select
    unique_id,
    measure,
    model,
    true as is_champion,
    ds,
    created_at,
    y_p50,
    y_p80,
    y_p90,
    y_p95,
    y_p99
from marts.gpu_demand_forecast
where measure = 'gpus'
order by unique_id, ds

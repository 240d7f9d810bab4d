-- What every model says of one series.
select
    measure,
    model,
    is_champion,
    ds,
    created_at,
    y_p50,
    y_p80,
    y_p90,
    y_p95,
    y_p99
from gpu_demand_forecast_candidates
where unique_id = $unique_id
order by measure, model, ds

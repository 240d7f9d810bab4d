-- Every model's forecast, the champion marked.
select
    unique_id,
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
from marts.gpu_demand_forecast_candidates
order by unique_id, measure, model, ds

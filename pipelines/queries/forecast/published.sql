-- What every model says of one series.
select
    measure,
    model,
    is_champion,
    ds,
    created_at,
    -- The quantiles, and the reason where the forecasts give one.
    columns('^(y_p[0-9]+|champion_reason)$')
from gpu_demand_forecast_candidates
where unique_id = $unique_id
order by measure, model, ds

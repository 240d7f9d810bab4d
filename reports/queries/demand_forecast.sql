-- The champion's forecast of some series, and those of the models that it is shown beside.
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
where
    unique_id in (select unnest($unique_ids))
    and (is_champion or model in (select unnest($references)))
order by unique_id, measure, model, ds

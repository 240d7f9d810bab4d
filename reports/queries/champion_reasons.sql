-- Why each champion was chosen, where the forecasts say so.
select distinct columns('^(unique_id|measure|champion_reason)$')
from marts.gpu_demand_forecast_candidates
where
    unique_id in (select unnest($unique_ids))
    and is_champion

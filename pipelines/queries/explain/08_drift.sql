-- Accuracy and what it cost, by week (fct_drift_cost_weekly)
select
    week,
    score,
    baseline_score,
    requests,
    cost_usd,
    cost_per_correct_usd,
    drift_cost_usd
from fct_drift_cost_weekly
where model_name = $model and model_version = $version
order by week

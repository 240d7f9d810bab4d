-- The verdict
select
    verdict,
    monthly_cost_usd,
    monthly_value_usd,
    value_method,
    roi,
    roi_low,
    roi_high,
    dollars_at_stake,
    next_step,
    as_of_date
from fct_model_verdicts
where model_name = $model and model_version = $version

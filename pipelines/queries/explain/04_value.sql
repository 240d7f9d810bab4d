-- Loaded cost and value by month (fct_model_value_monthly)
select
    month,
    cost_usd,
    value_usd,
    value_low_usd,
    value_high_usd,
    roi,
    value_method,
    incremental_conversions,
    cost_per_conversion_usd
from fct_model_value_monthly
where model_name = $model and model_version = $version
order by month

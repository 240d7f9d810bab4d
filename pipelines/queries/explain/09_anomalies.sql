-- Days that cost more than expected (fct_spend_anomalies)
select
    date_day,
    endpoint,
    cost_component,
    cost_usd,
    expected_usd,
    excess_usd,
    value_change_ratio,
    cause,
    is_valueless_spike
from fct_spend_anomalies
where model_name = $model and model_version = $version
order by date_day, excess_usd desc

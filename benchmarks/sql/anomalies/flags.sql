select
    model_name,
    date_day,
    arg_max(cause, excess_usd) as cause,
    arg_max(is_valueless_spike, excess_usd) as is_valueless_spike
from marts.fct_spend_anomalies
group by model_name, date_day

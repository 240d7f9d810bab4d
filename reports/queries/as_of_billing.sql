-- The newest day with billing data.
select max(date_day) as last_day
from marts.fct_model_cost_daily

-- Models that the warehouse knows
select distinct model_name
from marts.fct_version_run_rates
order by model_name

-- What each version of a model is like
select *
from marts.fct_version_run_rates
where model_name = $model
order by model_version

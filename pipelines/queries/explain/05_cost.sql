-- Effective cost by month and way of allocation (fct_model_cost_daily)
select
    cast(date_trunc('month', date_day) as date) as month,
    allocation_method,
    lifecycle_stage,
    cost_component,
    accelerator,
    sum(effective_cost_usd) as effective_cost_usd
from fct_model_cost_daily
where model_name = $model and model_version = $version
group by all
order by month, effective_cost_usd desc

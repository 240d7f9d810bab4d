-- Budgets of its model (fct_budget_status)
select
    budgets.period_start,
    budgets.period_end,
    budgets.role,
    budgets.team,
    budgets.as_of_date,
    budgets.amount_usd,
    budgets.actual_usd,
    budgets.projected_usd,
    budgets.burn_ratio,
    budgets.status
from fct_budget_status as budgets
inner join dim_model_version as versions
    on budgets.model_name = versions.model_name
where versions.model_name = $model and versions.model_version = $version
order by budgets.period_start, budgets.role, budgets.team

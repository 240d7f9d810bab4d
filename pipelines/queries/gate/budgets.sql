-- The budgets under way that a model spends from, or may
select
    budgets.role,
    budgets.team,
    budgets.model_name,
    budgets.period_start,
    budgets.period_end,
    budgets.amount_usd,
    budgets.actual_usd,
    budgets.projected_usd,
    cast(budgets.amount_usd - budgets.actual_usd as decimal(38, 12)) as left_usd,
    budgets.status,
    cast(coalesce(spent.cost_usd, 0) as decimal(38, 12)) as spent_by_model_usd
from marts.fct_budget_status as budgets
cross join (
    select max(as_of_date) as as_of_date
    from marts.fct_version_run_rates
) as today
left join (
    select
        period_start,
        period_end,
        role,
        team,
        model_name,
        sum(cost_usd) as cost_usd
    from marts.fct_budget_spenders
    where spender_model_name = $model
    group by period_start, period_end, role, team, model_name
) as spent
    on
        budgets.period_start = spent.period_start
        and budgets.period_end = spent.period_end
        and budgets.role = spent.role
        and budgets.team = spent.team
        and budgets.model_name = spent.model_name
where
    today.as_of_date between budgets.period_start and budgets.period_end
    and budgets.role = coalesce($role, budgets.role)
    and (
        spent.cost_usd is not null
        or budgets.model_name = $model
        -- whose budget a model without cost will be is not known: everybody's, then
        or (
            budgets.model_name = 'unattributed'
            and budgets.team = 'unattributed'
            and not exists (
                select 1
                from marts.fct_version_run_rates as rates
                where rates.model_name = $model and rates.direct_cost_usd > 0
            )
        )
    )
order by budgets.period_end, budgets.role, budgets.team, budgets.model_name

{{ config(severity='error', meta={'owner': 'team:finops'}) }}

-- Who spent a budget adds up to what was spent, to the last digit.
select
    budgets.period_start,
    budgets.period_end,
    budgets.role,
    budgets.team,
    budgets.model_name,
    concat(
        'budget of ', budgets.role, ' from ', cast(budgets.period_start as varchar), ': spent ',
        cast(budgets.actual_usd as varchar), ' USD, its spenders ',
        cast(coalesce(spenders.cost_usd, 0) as varchar)
    ) as message
from {{ ref('fct_budget_status') }} as budgets
left join (
    select
        period_start,
        period_end,
        role,
        team,
        model_name,
        sum(cost_usd) as cost_usd
    from {{ ref('fct_budget_spenders') }}
    group by period_start, period_end, role, team, model_name
) as spenders
    on
        budgets.period_start = spenders.period_start
        and budgets.period_end = spenders.period_end
        and budgets.role = spenders.role
        and budgets.team = spenders.team
        and budgets.model_name = spenders.model_name
where budgets.actual_usd <> coalesce(spenders.cost_usd, 0)

-- Who spent each budget: loaded cost per model version, from its first day to the as-of day. The
-- rows of a budget add up to its `actual_usd` exactly.
select
    budgets.period_start,
    budgets.period_end,
    budgets.role,
    budgets.team,
    budgets.model_name,
    costs.model_name as spender_model_name,
    costs.model_version as spender_model_version,
    cast(sum(costs.cost_usd) as decimal(38, 12)) as cost_usd
from {{ ref('fct_budget_status') }} as budgets
inner join (
    select
        date_day,
        team,
        model_name,
        model_version,
        cast(sum(cost_usd) as decimal(38, 12)) as cost_usd
    from {{ ref('int_cost__loaded_daily') }}
    group by date_day, team, model_name, model_version
) as costs
    on
        costs.date_day between budgets.period_start and budgets.as_of_date
        and budgets.team in ('unattributed', costs.team)
        and budgets.model_name in ('unattributed', costs.model_name)
left join (
    select distinct role
    from {{ ref('stg_planning__roles') }}
) as listed
    on budgets.role = listed.role
left join {{ ref('stg_planning__roles') }} as roles
    on
        budgets.role = roles.role
        and costs.team = roles.team
where listed.role is null or roles.team is not null
group by
    budgets.period_start, budgets.period_end, budgets.role, budgets.team, budgets.model_name,
    costs.model_name, costs.model_version

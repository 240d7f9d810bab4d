-- Loaded cost per day of what a budget is for: its team's, its model's (`unattributed` means all),
-- and that of its role's teams where roles/ lists the role.
select
    scopes.role,
    scopes.team,
    scopes.model_name,
    costs.date_day,
    cast(sum(costs.cost_usd) as decimal(38, 12)) as cost_usd
from (
    select distinct
        role,
        {{ or_unattributed('team') }} as team,
        {{ or_unattributed('model_name') }} as model_name
    from {{ ref('stg_planning__budgets') }}
) as scopes
inner join (
    select
        date_day,
        team,
        model_name,
        cast(sum(cost_usd) as decimal(38, 12)) as cost_usd
    from {{ ref('int_cost__loaded_daily') }}
    group by date_day, team, model_name
) as costs
    on
        scopes.team in ('unattributed', costs.team)
        and scopes.model_name in ('unattributed', costs.model_name)
left join (
    select distinct role
    from {{ ref('stg_planning__roles') }}
) as listed
    on scopes.role = listed.role
left join {{ ref('stg_planning__roles') }} as roles
    on
        scopes.role = roles.role
        and costs.team = roles.team
where listed.role is null or roles.team is not null
group by scopes.role, scopes.team, scopes.model_name, costs.date_day

{{ config(severity='error', meta={'owner': 'team:finops'}) }}

-- A budget without a team, of a role that lists none, has spent what the unit economics say that
-- its model, or all of them, cost.
with expected as (

    select
        budgets.period_start,
        budgets.period_end,
        budgets.role,
        budgets.model_name,
        budgets.actual_usd,
        coalesce(sum(costs.loaded_cost_usd), 0) as loaded_cost_usd
    from {{ ref('fct_budget_status') }} as budgets
    left join (
        select distinct role
        from {{ ref('stg_planning__roles') }}
    ) as listed
        on budgets.role = listed.role
    left join {{ ref('fct_unit_economics_daily') }} as costs
        on
            costs.date_day between budgets.period_start and budgets.as_of_date
            and budgets.model_name in ('unattributed', costs.model_name)
    where
        budgets.team = 'unattributed'
        and listed.role is null
    group by
        budgets.period_start, budgets.period_end, budgets.role, budgets.model_name,
        budgets.actual_usd

)

select
    period_start,
    period_end,
    role,
    model_name,
    concat(
        'budget of ', role, ' from ', cast(period_start as varchar), ' for ', model_name,
        ': spent ', cast(actual_usd as varchar), ' USD, the unit economics say ',
        cast(loaded_cost_usd as varchar)
    ) as message
from expected
where actual_usd <> loaded_cost_usd

-- Where each budget stands on the as-of day, and where it is heading.
with errors as (

    select
        role,
        team,
        model_name,
        budget_start,
        budget_end,
        count(period_usd) as periods,
        sum(
            {{ decimal_ratio('abs(projected_usd - period_usd)', 'abs(period_usd)') }}
        ) as error_ratios
    from {{ ref('int_budgets__projections') }}
    where
        is_now
        and periods_ago > 0
        and history_days >= {{ var('projection_min_days') }}
        and period_usd <> 0
    group by role, team, model_name, budget_start, budget_end

),

budgets as (

    select
        projections.period_start,
        projections.period_end,
        projections.role,
        projections.team,
        projections.model_name,
        projections.as_of_date,
        budgets.amount,
        budgets.currency,
        {{ to_usd('budgets.amount', 'budgets.currency', 'rates.usd_rate') }} as amount_usd,
        budgets.soft_limit_ratio,
        projections.spent_usd as actual_usd,
        projections.projected_usd,
        projections.margin_usd,
        projections.projection_method,
        projections.elapsed_days,
        projections.period_days,
        coalesce(errors.periods, 0) as projection_error_periods,
        {{ decimal_ratio('errors.error_ratios', 'errors.periods') }} as projection_error_ratio
    from {{ ref('int_budgets__projections') }} as projections
    inner join {{ ref('stg_planning__budgets') }} as budgets
        on
            projections.role = budgets.role
            and projections.team = {{ or_unattributed('budgets.team') }}
            and projections.model_name = {{ or_unattributed('budgets.model_name') }}
            and projections.period_start = budgets.period_start
            and projections.period_end = budgets.period_end
    left join {{ ref('int_currency__rates') }} as rates
        on
            budgets.currency = rates.currency
            and projections.as_of_date = rates.date_day
    left join errors
        on
            projections.role = errors.role
            and projections.team = errors.team
            and projections.model_name = errors.model_name
            and projections.budget_start = errors.budget_start
            and projections.budget_end = errors.budget_end
    where projections.periods_ago = 0 and projections.is_now

),

margins as (

    select
        *,
        -- at least as wide as the projection was wrong in earlier periods
        case
            when projection_method = 'period_over' then cast(0 as decimal(38, 12))
            when coalesce(margin_usd, projection_error_ratio) is not null then greatest(
                coalesce(margin_usd, 0),
                cast(
                    cast(
                        cast(abs(projected_usd) as double)
                        * cast(coalesce(projection_error_ratio, 0) as double) as decimal(38, 6)
                    ) as decimal(38, 12)
                )
            )
        end as half_usd
    from budgets

)

select
    period_start,
    period_end,
    role,
    team,
    model_name,
    as_of_date,
    cast(amount as decimal(38, 12)) as amount,
    currency,
    amount_usd,
    soft_limit_ratio,
    actual_usd,
    projected_usd,
    -- what is spent is spent, unless credits are what is still to come
    case
        when half_usd is not null then cast(
            greatest(projected_usd - half_usd, least(actual_usd, projected_usd))
            as decimal(38, 12)
        )
    end as projected_low_usd,
    cast(projected_usd + half_usd as decimal(38, 12)) as projected_high_usd,
    {{ decimal_ratio('actual_usd', 'amount_usd') }} as burn_ratio,
    {{ decimal_ratio('greatest(elapsed_days, 0)', 'period_days') }} as elapsed_ratio,
    case
        when amount_usd is null then null
        when actual_usd > amount_usd then 'exceeded'
        when
            actual_usd >= cast(amount_usd as decimal(24, 12)) * soft_limit_ratio
            or projected_usd > amount_usd
            then 'at_risk'
        else 'ok'
    end as status,
    projection_method,
    projection_error_ratio,
    cast(projection_error_periods as integer) as projection_error_periods
from margins

-- Periods that are over, projected from days before they were: what was said, what came, and what a
-- straight line would have said.
with measured as (

    -- two budgets of one scope look back on the same periods
    select distinct
        period_start,
        period_end,
        role,
        team,
        model_name,
        as_of_date,
        elapsed_days,
        period_days,
        history_days,
        spent_usd,
        period_usd,
        projected_usd,
        margin_usd,
        projection_method
    from {{ ref('int_budgets__projections') }}
    where
        period_usd is not null
        and projection_method <> 'period_over'
        and history_days >= {{ var('projection_min_days') }}

),

lines as (

    select
        *,
        case
            when elapsed_days > 0
                then {{ decimal_ratio('cast(spent_usd as double) * period_days', 'elapsed_days') }}
        end as straight_line_usd
    from measured

)

select
    period_start,
    period_end,
    role,
    team,
    model_name,
    as_of_date,
    {{ decimal_ratio('greatest(elapsed_days, 0)', 'period_days') }} as elapsed_ratio,
    spent_usd,
    period_usd as actual_usd,
    projected_usd,
    {{ decimal_ratio('projected_usd - period_usd', 'abs(period_usd)') }} as error_ratio,
    abs(projected_usd - period_usd) <= margin_usd as is_within_interval,
    straight_line_usd,
    {{ decimal_ratio('straight_line_usd - period_usd', 'abs(period_usd)') }}
        as straight_line_error_ratio,
    projection_method,
    cast(history_days as integer) as history_days
from lines

{% set budget = ['role', 'team', 'model_name', 'budget_start', 'budget_end'] %}

-- What is projected, and from which day: each budget as of now; and, to see how wrong that is, this
-- and earlier periods of its length as of the same share of them, and of a quarter, half and three
-- quarters.
with bounds as (

    select
        min(date_day) as first_day,
        max(date_day) as last_day
    from {{ ref('fct_model_cost_daily') }}

),

budgets as (

    select
        role,
        {{ or_unattributed('team') }} as team,
        {{ or_unattributed('model_name') }} as model_name,
        period_start as budget_start,
        period_end as budget_end,
        cast(period_end + interval '1 day' as date) as next_start,
        {{ days_between('period_start', 'period_end') }} + 1 as budget_days
    from {{ ref('stg_planning__budgets') }}

),

lengths as (

    select
        budgets.*,
        bounds.first_day,
        bounds.last_day,
        -- whole months repeat as months, anything else by its days
        case
            when
                extract(day from budgets.budget_start) <= 28
                and extract(day from budgets.budget_start) = extract(day from budgets.next_start)
                then 12 * (
                    extract(year from budgets.next_start) - extract(year from budgets.budget_start)
                )
                + extract(month from budgets.next_start) - extract(month from budgets.budget_start)
        end as budget_months,
        {{ days_between('budgets.budget_start', 'least(bounds.last_day, budgets.budget_end)') }} + 1
            as days_gone
    from budgets
    cross join bounds
    where bounds.last_day is not null

),

periods as (

    {% for ago in range(var('projection_past_periods') + 1) %}
    select
        *,
        {{ ago }} as periods_ago,
        {% for column, start in [('period_start', 'budget_start'), ('next_period', 'next_start')] %}
        cast(
            case
                when budget_months is null
                    then {{ start }} - {{ ago }} * budget_days * interval '1 day'
                else {{ start }} - {{ ago }} * budget_months * interval '1 month'
            end as date
        ) as {{ column }}{{ ',' if not loop.last }}
        {% endfor %}
    from lengths
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

marks as (

    {% for percent in ['null', 25, 50, 75] %}
    select
        {{ budget | join(', ') }},
        periods_ago,
        first_day,
        last_day,
        period_start,
        cast(next_period - interval '1 day' as date) as period_end,
        {{ days_between('period_start', 'next_period') }} as period_days,
        {% if percent == 'null' %}
        true as is_now,
        case
            when days_gone > 0
                then {{ whole_share(
                    'days_gone', days_between('period_start', 'next_period'), 'budget_days'
                ) }}
            else days_gone
        end as elapsed_days
        {% else %}
        false as is_now,
        {{ whole_share(percent, days_between('period_start', 'next_period'), 100) }} as elapsed_days
        {% endif %}
    from periods
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select
    {{ budget | join(', ') }},
    periods_ago,
    last_day,
    period_start,
    period_end,
    period_days,
    elapsed_days,
    max(case when is_now then 1 else 0 end) = 1 as is_now,
    cast(period_start + (elapsed_days - 1) * interval '1 day' as date) as as_of_date,
    row_number() over (
        order by {{ budget | join(', ') }}, periods_ago, elapsed_days
    ) as case_id
from marks
where
    (periods_ago = 0 and is_now)
    -- a projection is measured where the bill holds the whole period
    or (period_start >= first_day and period_end <= last_day and elapsed_days < period_days)
group by
    {{ budget | join(', ') }}, periods_ago, last_day, period_start, period_end, period_days,
    elapsed_days

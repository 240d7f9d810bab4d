{% set scope = ['role', 'team', 'model_name'] %}
{% set shape_days = var('projection_shape_days') %}
{% set level_days = var('projection_level_days') %}

-- Money spent and to be spent in each case. A day to come costs what its weekday typically did
-- (median), times how the newest days relate to theirs (median): a spike is not carried on, and a
-- new level is once most of the newest days have it.
with calendar as (

    select
        *,
        cast(
            {{ each_step(
                "least(period_start, as_of_date - interval '" ~ (shape_days - 1) ~ " days')",
                'period_end',
                '1 day'
            ) }} as date
        ) as date_day
    from {{ ref('int_budgets__cases') }}

),

days as (

    select
        calendar.*,
        {{ days_between('calendar.date_day', 'calendar.as_of_date') }} as days_ago,
        -- which day of the week it is, counted from the as-of day's
        ({{ days_between('calendar.date_day', 'calendar.as_of_date') }} % 7 + 7) % 7 as weekday,
        cast(coalesce(spend.cost_usd, 0) as decimal(38, 12)) as cost_usd,
        firsts.first_cost_day
    from calendar
    left join {{ ref('int_budgets__spend_daily') }} as spend
        on
            calendar.role = spend.role
            and calendar.team = spend.team
            and calendar.model_name = spend.model_name
            and calendar.date_day = spend.date_day
    left join (
        select
            {{ scope | join(', ') }},
            min(date_day) as first_cost_day
        from {{ ref('int_budgets__spend_daily') }}
        group by {{ scope | join(', ') }}
    ) as firsts
        on
            calendar.role = firsts.role
            and calendar.team = firsts.team
            and calendar.model_name = firsts.model_name

),

history as (

    select
        case_id,
        weekday,
        days_ago,
        days_ago < {{ level_days }} as is_recent,
        cost_usd
    from days
    where
        days_ago between 0 and {{ shape_days - 1 }}
        and date_day >= first_cost_day

),

weekdays as (

    select
        case_id,
        weekday,
        cast(median(cast(cost_usd as double)) as decimal(38, 6)) as typical_usd
    from history
    group by case_id, weekday

),

levels as (

    select
        history.case_id,
        count(*) as history_days,
        median(cast(history.cost_usd as double)) as middle_usd,
        median(
            case
                when history.is_recent and weekdays.typical_usd > 0
                    then cast(history.cost_usd as double) / cast(weekdays.typical_usd as double)
            end
        ) as level_ratio,
        -- cost on few days has no typical day: the mean without the highest and the lowest one
        case
            when
                max(
                    case when history.days_ago < {{ 2 * level_days }} then abs(history.cost_usd) end
                ) > 0
                then cast(
                    sum(history.cost_usd) - max(history.cost_usd) - min(history.cost_usd) as double
                )
                / nullif(count(*) - 2, 0)
            else 0
        end as trimmed_usd
    from history
    inner join weekdays
        on
            history.case_id = weekdays.case_id
            and history.weekday = weekdays.weekday
    group by history.case_id

),

expected as (

    select
        days.*,
        coalesce(levels.history_days, 0) as history_days,
        case
            when days.elapsed_days = days.period_days then 'period_over'
            when levels.history_days is null then 'no_history'
            when levels.history_days < {{ var('projection_min_days') }} then 'recent_median'
            when levels.level_ratio is null then 'trimmed_mean'
            else 'weekday_level'
        end as projection_method,
        cast(
            case
                when levels.history_days is null then 0
                when levels.history_days < {{ var('projection_min_days') }} then levels.middle_usd
                when levels.level_ratio is null then levels.trimmed_usd
                else coalesce(cast(weekdays.typical_usd as double), 0) * levels.level_ratio
            end as decimal(38, 6)
        ) as expected_usd
    from days
    left join levels
        on days.case_id = levels.case_id
    left join weekdays
        on
            days.case_id = weekdays.case_id
            and days.weekday = weekdays.weekday

),

weeks as (

    select
        case_id,
        cast(floor(days_ago / 7.0) as integer) as weeks_ago,
        sum(cost_usd) as week_usd
    from history
    group by case_id, floor(days_ago / 7.0)
    having count(*) = 7

),

-- how much a week differs from the next one; squares are summed as decimals, in any order the same
spreads as (

    select
        case_id,
        sqrt(
            cast(sum(cast(change_usd * change_usd as decimal(38, 6))) as double) / count(change_usd)
        ) as week_change_usd
    from (
        select
            case_id,
            cast(
                week_usd - lag(week_usd) over (partition by case_id order by weeks_ago) as double
            ) as change_usd
        from weeks
    ) as changes
    group by case_id
    having count(change_usd) > 0

),

sums as (

    select
        case_id,
        min(history_days) as history_days,
        min(projection_method) as projection_method,
        sum(case when days_ago >= 0 and date_day >= period_start then cost_usd else 0 end)
            as spent_usd,
        sum(case when date_day >= period_start then cost_usd else 0 end) as period_usd,
        sum(case when days_ago < 0 and date_day >= period_start then expected_usd else 0 end)
            as rest_usd,
        count(case when days_ago < 0 and date_day >= period_start then 1 end) / 7.0 as rest_weeks,
        greatest(-min(elapsed_days), 0) / 7.0 as weeks_before
    from expected
    group by case_id

)

select
    cases.*,
    sums.history_days,
    sums.projection_method,
    cast(sums.spent_usd as decimal(38, 12)) as spent_usd,
    -- what the whole period cost, once it is over
    case when cases.period_end <= cases.last_day then cast(sums.period_usd as decimal(38, 12)) end
        as period_usd,
    cast(sums.spent_usd + sums.rest_usd as decimal(38, 12)) as projected_usd,
    -- 5 to 95 %: each week to come is off by as much as a week differs from the next, and so is the
    -- level it starts from (a random walk: n weeks ahead sum to n + n^3 / 3 such variances, and n^2
    -- more for each week before they begin)
    cast(
        cast(
            1.644854 * spreads.week_change_usd * sqrt(
                sums.rest_weeks
                + sums.rest_weeks * sums.rest_weeks * sums.rest_weeks / 3
                + sums.rest_weeks * sums.rest_weeks * sums.weeks_before
            ) as decimal(38, 6)
        ) as decimal(38, 12)
    ) as margin_usd
from {{ ref('int_budgets__cases') }} as cases
inner join sums
    on cases.case_id = sums.case_id
left join spreads
    on cases.case_id = spreads.case_id

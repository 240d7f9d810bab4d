-- Budgets, those that need a word first. `$past` also shows those that were over before the newest day.
select
    status.role,
    status.team,
    status.model_name,
    status.period_start,
    status.period_end,
    status.as_of_date,
    status.status,
    status.amount_usd,
    status.actual_usd,
    status.burn_ratio,
    status.elapsed_ratio,
    cast(status.amount_usd - status.actual_usd as decimal(38, 12)) as left_usd,
    status.projected_usd,
    status.projected_low_usd,
    status.projected_high_usd,
    -- of a period to come, all its days
    date_diff(
        'day', greatest(status.as_of_date, status.period_start - 1), status.period_end
    ) as days_left
from marts.fct_budget_status as status
cross join ops.build_info
where $past or status.period_end >= build_info.as_of_date
order by
    status.period_end,
    case status.status when 'exceeded' then 1 when 'at_risk' then 2 when 'ok' then 4 else 3 end,
    left_usd,
    status.role,
    status.team,
    status.model_name,
    status.period_start

-- Errors by kind of series, beside a straight line's, and how often the interval held.
select
    split_part(role, '/', 1) as kind,
    count(*) as projections,
    avg(abs(straight_line_error_ratio)) as straight_line,
    avg(abs(error_ratio)) as error,
    avg(cast(is_within_interval as integer)) as within
from marts.fct_budget_projection_error as errors
-- a series that began after the period did has no whole period to be measured by
where
    period_start >= (
        select min(spend.date_day)
        from intermediate.int_budgets__spend_daily as spend
        where spend.role = errors.role
    )
group by kind
order by kind

-- Every day from the first to the last that any cost or usage speaks of.
with spans as (

    select
        min(date_day) as first_day,
        max(date_day) as last_day
    from (
        select date_day
        from {{ ref('fct_model_cost_daily') }}
        union all
        select date_day
        from {{ ref('fct_unit_economics_daily') }}
    ) as days

),

days as (

    select cast({{ each_step('first_day', 'last_day', '1 day') }} as date) as date_day
    from spans
    where first_day is not null

)

select
    date_day,
    cast(date_trunc('month', date_day) as date) as month,
    cast(date_trunc('week', date_day) as date) as week,
    cast(extract(year from date_day) as integer) as year,
    cast(extract(month from date_day) as integer) as month_of_year,
    cast(extract(day from date_day) as integer) as day_of_month,
    cast(extract(isodow from date_day) as integer) as iso_day_of_week,
    extract(isodow from date_day) >= 6 as is_weekend,
    date_day = (
        select max(cost.date_day)
        from {{ ref('fct_model_cost_daily') }} as cost
    ) as is_as_of
from days

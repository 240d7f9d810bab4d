-- All spend of the newest week and of the week before; no rows of the week before: null.
select
    sum(effective_cost_usd) filter (where date_day > cast($last_day as date) - 7) as week_usd,
    sum(effective_cost_usd) filter (where date_day <= cast($last_day as date) - 7)
        as week_before_usd
from marts.fct_model_cost_daily
where date_day > cast($last_day as date) - 14 and date_day <= cast($last_day as date)

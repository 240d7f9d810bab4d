-- What idle GPUs burned in the window.
select
    sum(idle_cost_usd) as idle_usd,
    sum(cost_usd) as cost_usd,
    sum(idle_cost_usd) / nullif(sum(cost_usd), 0) as idle_share
from marts.fct_gpu_utilization_hourly
where cast(hour as date) between $first_day and $last_day

-- GPU money of the window by model version; time that nobody held is a row of its own.
select
    case when is_held then concat_ws(' ', model_name, model_version) else 'no workload' end
        as label,
    sum(cost_usd - idle_cost_usd) as busy_usd,
    coalesce(sum(idle_cost_usd) filter (where is_held), 0) as held_idle_usd,
    coalesce(sum(idle_cost_usd) filter (where not is_held), 0) as unallocated_usd,
    sum(cost_usd) as cost_usd
from marts.fct_gpu_utilization_hourly
where cast(hour as date) between $first_day and $last_day
group by label
having sum(cost_usd) > 0
order by cost_usd desc, label

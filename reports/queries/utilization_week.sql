-- Utilization by hour of the week, weighted by GPU time, whether or not a workload held the GPU.
select
    coalesce(accelerator, 'unattributed') as accelerator,
    isodow(hour) as day_of_week,
    hour(hour) as hour_of_day,
    sum(avg_utilization * gpu_hours) / nullif(sum(gpu_hours), 0) as utilization_ratio,
    sum(gpu_hours) as gpu_hours
from marts.fct_gpu_utilization_hourly
where
    cast(hour as date) between $first_day and $last_day
    and avg_utilization is not null
group by 1, 2, 3
order by 1, 2, 3

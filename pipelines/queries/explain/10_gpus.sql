-- GPU time by month and band of utilization (fct_gpu_utilization_hourly)
select
    cast(date_trunc('month', hour) as date) as month,
    endpoint,
    accelerator,
    utilization_band,
    sum(gpu_hours) as gpu_hours,
    sum(cost_usd) as cost_usd,
    sum(idle_cost_usd) as idle_cost_usd
from fct_gpu_utilization_hourly
where model_name = $model and model_version = $version
group by all
order by month, endpoint, accelerator, utilization_band

-- Everything that is known of one series, hour by hour.
select
    ds,
    cast(gpus_required as double) as gpus,
    cast(tokens as double) as tokens,
    cast(requests as double) as requests
from fct_gpu_demand_hourly
where unique_id = $unique_id
order by ds

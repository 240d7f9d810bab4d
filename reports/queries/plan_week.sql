-- What rides on top of the reserved GPUs, by hour of the week from Monday 00:00 UTC.
select
    accelerator,
    hour_of_week,
    reserved_gpus,
    demand_p50_gpus,
    demand_p95_gpus,
    on_demand_gpus,
    spot_gpus,
    ready_gpus,
    shortfall_probability,
    expected_cost_usd
from marts.gpu_capacity_plan_hourly
order by accelerator, hour_of_week

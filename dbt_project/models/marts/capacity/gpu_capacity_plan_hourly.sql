{{ config(tags=['forecast']) }}

select
    accelerator,
    hour_of_week,
    term,
    reserved_gpus,
    demand_mean_gpus,
    demand_p50_gpus,
    demand_p95_gpus,
    on_demand_gpus,
    spot_gpus,
    ready_gpus,
    shortfall_probability,
    expected_cost_usd
from {{ ref('stg_capacity__plan_hours') }}

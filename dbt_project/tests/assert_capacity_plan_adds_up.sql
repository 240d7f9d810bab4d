-- A plan's costs add up, its GPUs are not negative, its probabilities are such, and what is ready
-- holds what is reserved.
select
    accelerator,
    term
from {{ ref('gpu_capacity_plan') }}
where
    expected_cost_usd is distinct from
    cast(reserved_cost_usd + on_demand_cost_usd + spot_cost_usd as decimal(38, 12))
    or saving_usd <> cast(today_cost_usd - expected_cost_usd as decimal(38, 12))
    or least(reserved_gpus, on_demand_gpus, spot_gpus, term_hours) < 0
    or ready_gpus < reserved_gpus
    or shortfall_probability not between 0 and 1
    or today_shortfall_probability not between 0 and 1
    or reserve_quantile not between 0 and 1
    or (expected_cost_usd is null) <> (on_demand_hourly_usd is null)

-- The hours of the week of a plan are those of its month: the same reservation, and the same means.
-- Every hour of the week stands for as many hours of a 28-day month.
select
    plans.accelerator,
    plans.on_demand_gpus,
    avg(hours.on_demand_gpus) as hourly_on_demand_gpus
from {{ ref('gpu_capacity_plan') }} as plans
inner join {{ ref('gpu_capacity_plan_hourly') }} as hours
    on
        plans.accelerator = hours.accelerator
        and plans.term = hours.term
where plans.term_hours % 168 = 0
group by plans.accelerator, plans.reserved_gpus, plans.on_demand_gpus, plans.spot_gpus
having
    max(hours.reserved_gpus) is distinct from plans.reserved_gpus
    or min(hours.reserved_gpus) is distinct from plans.reserved_gpus
    or abs(avg(hours.on_demand_gpus) - plans.on_demand_gpus) > 0.000001
    or abs(avg(hours.spot_gpus) - plans.spot_gpus) > 0.000001
    or min(hours.shortfall_probability) < 0
    or max(hours.shortfall_probability) > 1
    or min(least(hours.on_demand_gpus, hours.spot_gpus, hours.ready_gpus)) < 0

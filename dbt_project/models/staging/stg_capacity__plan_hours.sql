{{ config(tags=['forecast']) }}

-- The newest capacity plan by hour of the week.
select
    hours.accelerator,
    hours.hour_of_week,
    hours.term,
    hours.reserved_gpus,
    hours.demand_mean_gpus,
    hours.demand_p50_gpus,
    hours.demand_p95_gpus,
    hours.on_demand_gpus,
    hours.spot_gpus,
    hours.ready_gpus,
    hours.shortfall_probability,
    hours.expected_cost_usd
from {{ source('lake', 'capacity_plan_hours') }} as hours
inner join (
    select max(load_id) as load_id
    from {{ ref('stg_lake__loads') }}
    where pipeline_name = 'capacity'
) as newest
    on hours._dlt_load_id = newest.load_id

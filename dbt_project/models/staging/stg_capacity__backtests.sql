{{ config(tags=['forecast']) }}

-- Plans of past cutoffs, of the newest capacity plan.
select
    backtests.accelerator,
    backtests.cutoff,
    backtests.hours,
    backtests.reserved_gpus,
    backtests.clairvoyant_gpus,
    backtests.today_gpus,
    backtests.plan_cost_usd,
    backtests.clairvoyant_cost_usd,
    backtests.today_cost_usd,
    backtests.plan_shortfall_ratio,
    backtests.today_shortfall_ratio
from {{ source('lake', 'capacity_backtests') }} as backtests
inner join (
    select max(load_id) as load_id
    from {{ ref('stg_lake__loads') }}
    where pipeline_name = 'capacity'
) as newest
    on backtests._dlt_load_id = newest.load_id

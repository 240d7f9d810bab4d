{{ config(tags=['forecast']) }}

select
    accelerator,
    cutoff,
    hours,
    reserved_gpus,
    clairvoyant_gpus,
    today_gpus,
    plan_cost_usd,
    clairvoyant_cost_usd,
    today_cost_usd,
    plan_shortfall_ratio,
    today_shortfall_ratio
from {{ ref('stg_capacity__backtests') }}

-- The plans that would have been made at past cutoffs, paid at the demand that then came.
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
    today_shortfall_ratio,
    cast(plan_cost_usd as double) / nullif(cast(clairvoyant_cost_usd as double), 0) - 1
        as regret_ratio
from marts.gpu_capacity_plan_backtest
order by accelerator, cutoff

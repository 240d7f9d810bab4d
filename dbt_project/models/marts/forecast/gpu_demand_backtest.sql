{{ config(tags=['forecast']) }}

select
    unique_id,
    measure,
    model,
    cutoff,
    horizon_bucket,
    wape,
    mase,
    pinball,
    coverage_90,
    skill_vs_seasonal_naive
from {{ ref('stg_forecasts__demand_backtests') }}

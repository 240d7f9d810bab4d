{{ config(tags=['forecast']) }}

select
    unique_id,
    measure,
    model,
    reason,
    trained_at,
    created_at,
    coverage_90,
    skill_vs_seasonal_naive,
    error_drift,
    failed_checks,
    last_good_model,
    last_good_at
from {{ ref('stg_forecasts__demand_champions') }}

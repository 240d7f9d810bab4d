{{ config(tags=['forecast']) }}

select
    unique_id,
    measure,
    date_day,
    created_at,
    burst_probability,
    expected_bursts,
    burst_threshold,
    expected_extra,
    peak_p95,
    peak_p99
from {{ ref('stg_forecasts__demand_bursts') }}

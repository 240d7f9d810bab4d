{{ config(tags=['forecast']) }}

select
    unique_id,
    measure,
    model,
    ds,
    created_at,
    is_champion,
    champion_reason,
    y_p50,
    y_p80,
    y_p90,
    y_p95,
    y_p99
from {{ ref('stg_forecasts__demand_forecasts') }}

{{ config(tags=['forecast']) }}

select
    unique_id,
    measure,
    ds,
    created_at,
    model,
    champion_reason,
    y_p50,
    y_p80,
    y_p90,
    y_p95,
    y_p99
from {{ ref('stg_forecasts__demand_forecasts') }}
where is_champion

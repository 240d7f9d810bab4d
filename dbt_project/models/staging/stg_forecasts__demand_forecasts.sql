{{ config(tags=['forecast']) }}

-- The newest forecast run.
select
    forecasts.unique_id,
    forecasts.measure,
    forecasts.model,
    forecasts.is_champion,
    forecasts.champion_reason,
    forecasts.y_p50,
    forecasts.y_p80,
    forecasts.y_p90,
    forecasts.y_p95,
    forecasts.y_p99,
    forecasts.ds,
    forecasts.created_at
from {{ source('lake', 'demand_forecasts') }} as forecasts
inner join (
    select max(load_id) as load_id
    from {{ ref('stg_lake__loads') }}
    where pipeline_name = 'forecasts'
) as newest
    on forecasts._dlt_load_id = newest.load_id

{{ config(tags=['forecast']) }}

-- Every forecast that stood, of the models that spoke: of several made at one data hour the last.
-- No forecast knew an hour after its created_at, whenever it was made.
with runs as (

    select
        forecasts.created_at,
        max(loads.load_id) as load_id
    from {{ source('lake', 'demand_forecasts') }} as forecasts
    inner join {{ ref('stg_lake__loads') }} as loads
        on
            forecasts._dlt_load_id = loads.load_id
            and loads.pipeline_name = 'forecasts'
    group by forecasts.created_at

)

select
    forecasts.unique_id,
    forecasts.measure,
    forecasts.model,
    forecasts.y_p50,
    forecasts.y_p80,
    forecasts.y_p90,
    forecasts.y_p95,
    forecasts.y_p99,
    forecasts.ds,
    forecasts.created_at
from {{ source('lake', 'demand_forecasts') }} as forecasts
inner join runs
    on
        forecasts._dlt_load_id = runs.load_id
        and forecasts.created_at = runs.created_at
where forecasts.is_champion

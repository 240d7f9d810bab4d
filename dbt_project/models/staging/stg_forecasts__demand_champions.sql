{{ config(tags=['forecast']) }}

-- Champions of the newest forecast run.
select
    champions.unique_id,
    champions.measure,
    champions.model,
    champions.reason,
    champions.trained_at,
    champions.created_at,
    champions.coverage_90,
    champions.skill_vs_seasonal_naive,
    champions.error_drift,
    champions.failed_checks,
    champions.last_good_model,
    champions.last_good_at
from {{ source('lake', 'demand_champions') }} as champions
inner join (
    select max(load_id) as load_id
    from {{ ref('stg_lake__loads') }}
    where pipeline_name = 'forecasts'
) as newest
    on champions._dlt_load_id = newest.load_id

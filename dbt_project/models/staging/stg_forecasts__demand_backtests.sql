{{ config(tags=['forecast']) }}

-- Hold-out scores of the newest forecast run.
select
    backtests.unique_id,
    backtests.measure,
    backtests.model,
    backtests.horizon_bucket,
    backtests.wape,
    backtests.mase,
    backtests.pinball,
    backtests.coverage_90,
    backtests.skill_vs_seasonal_naive,
    backtests.cutoff,
    backtests.created_at
from {{ source('lake', 'demand_backtests') }} as backtests
inner join (
    select max(load_id) as load_id
    from {{ ref('stg_lake__loads') }}
    where pipeline_name = 'forecasts'
) as newest
    on backtests._dlt_load_id = newest.load_id

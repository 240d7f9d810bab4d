{{ config(tags=['forecast']) }}

-- Burst risk of the newest forecast run.
select
    bursts.unique_id,
    bursts.measure,
    cast(bursts.date_day as date) as date_day,
    bursts.burst_probability,
    bursts.expected_bursts,
    bursts.burst_threshold,
    bursts.expected_extra,
    bursts.peak_p95,
    bursts.peak_p99,
    bursts.created_at
from {{ source('lake', 'demand_bursts') }} as bursts
inner join (
    select max(load_id) as load_id
    from {{ ref('stg_lake__loads') }}
    where pipeline_name = 'forecasts'
) as newest
    on bursts._dlt_load_id = newest.load_id

-- Series to draw, each with the first measure it has: totals first, then the largest.
with newest as (
    select max(ds) as ds
    from marts.fct_gpu_demand_hourly
    where requests is not null
),

seen as (
    select
        demand.unique_id,
        avg(demand.gpus_required) as gpus,
        cast(avg(demand.tokens) as double) as tokens,
        cast(avg(demand.requests) as double) as requests
    from marts.fct_gpu_demand_hourly as demand
    cross join newest
    where
        demand.ds > newest.ds - interval 28 days
        and demand.requests is not null
    group by demand.unique_id
),

-- What only a forecast knows, such as jobs of the scheduler.
ahead as (
    select
        unique_id,
        avg(y_p50) filter (where measure = 'gpus') as gpus,
        avg(y_p50) filter (where measure = 'tokens') as tokens,
        avg(y_p50) filter (where measure = 'requests') as requests
    from marts.gpu_demand_forecast
    where unique_id not in (select unique_id from seen)
    group by unique_id
),

every_series as (
    from seen
    union all by name
    from ahead
),

measured as (
    select
        unique_id,
        case
            when gpus is not null then 'gpus'
            when tokens is not null then 'tokens'
            else 'requests'
        end as measure,
        coalesce(gpus, tokens, requests, 0) as size,
        starts_with(unique_id, 'accelerator:') as is_total
    from every_series
)

select
    unique_id,
    measure,
    is_total,
    count(*) over () as series_count
from measured
order by
    is_total desc,
    case measure when 'gpus' then 1 when 'tokens' then 2 else 3 end,
    size desc,
    unique_id
limit $longest

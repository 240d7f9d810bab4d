-- The last four weeks of some series' demand in calls, up to the newest hour of all series.
with newest as (
    select max(ds) as ds
    from marts.fct_gpu_demand_hourly
    where requests is not null
)

select
    demand.unique_id,
    demand.ds,
    cast(demand.gpus_required as double) as gpus,
    cast(demand.requests as double) as requests,
    cast(demand.tokens as double) as tokens,
    cast(demand.gpus_allocated as double) as allocated
from marts.fct_gpu_demand_hourly as demand
cross join newest
where
    demand.unique_id in (select unnest($unique_ids))
    and demand.ds > newest.ds - interval 28 days
    and demand.requests is not null
order by demand.unique_id, demand.ds

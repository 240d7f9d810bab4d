-- Loads of forecasts and plans that a newer one has replaced since before the moment $before (seconds
-- since 1970; a load's id is its time).
with runs as (

    select
        load_id,
        lead(cast(load_id as double)) over (
            partition by pipeline_name
            order by cast(load_id as double)
        ) as replaced_at
    from ops.loads
    where pipeline_name in ('forecasts', 'capacity')

)

select load_id
from runs
where replaced_at < $before

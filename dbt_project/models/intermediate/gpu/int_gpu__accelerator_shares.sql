-- On which accelerators a workload ran, by GPU time, per day: per endpoint, and under endpoint '*'
-- for the whole version, for calls and charges whose endpoint telemetry does not know.
with held as (

    select
        date_day,
        model_name,
        model_version,
        endpoint,
        accelerator,
        held_us
    from {{ ref('int_gpu__hourly') }}
    where is_held and accelerator <> 'unattributed'

),

shares as (

    select
        date_day,
        model_name,
        model_version,
        endpoint,
        accelerator,
        sum(held_us) as held_us
    from held
    group by date_day, model_name, model_version, endpoint, accelerator
    union all
    select
        date_day,
        model_name,
        model_version,
        '*' as endpoint,
        accelerator,
        sum(held_us) as held_us
    from held
    group by date_day, model_name, model_version, accelerator

)

select
    date_day,
    model_name,
    model_version,
    endpoint,
    accelerator,
    cast(held_us as bigint) as held_us,
    cast(
        sum(held_us) over (
            partition by date_day, model_name, model_version, endpoint
            order by accelerator rows between unbounded preceding and current row
        ) - held_us as bigint
    ) as from_us,
    cast(
        sum(held_us) over (
            partition by date_day, model_name, model_version, endpoint
            order by accelerator rows between unbounded preceding and current row
        ) as bigint
    ) as to_us,
    cast(
        sum(held_us) over (
            partition by date_day, model_name, model_version, endpoint
        ) as bigint
    ) as total_us
from shares

-- One spelling per accelerator: telemetry's, else the price list's, else the registry's.
with spellings as (

    select
        accelerator,
        1 as preference
    from {{ ref('int_gpu__hourly') }}
    union all
    select
        accelerator,
        2 as preference
    from {{ ref('stg_prices__gpu_prices') }}
    union all
    select
        accelerator,
        3 as preference
    from {{ ref('stg_registry__model_versions') }}

),

ranked as (

    select
        lower(accelerator) as accelerator_key,
        accelerator,
        min(preference) over (partition by lower(accelerator)) = 1 as is_in_fleet,
        row_number() over (
            partition by lower(accelerator) order by preference, accelerator
        ) as spelling_rank
    from (
        select distinct
            accelerator,
            preference
        from spellings
        where accelerator is not null
    ) as listed

)

select
    accelerator_key,
    accelerator,
    is_in_fleet
from ranked
where spelling_rank = 1

{{ config(materialized='view') }}

-- GPU time per day, billed resource and workload: what a resource's bill is divided by.
select
    date_day,
    resource_key,
    accelerator,
    model_name,
    model_version,
    endpoint,
    team,
    is_held,
    cast(sum(held_us) as bigint) as held_us
from {{ ref('int_gpu__hourly') }}
where resource_key is not null
group by
    date_day, resource_key, accelerator, model_name, model_version, endpoint, team, is_held

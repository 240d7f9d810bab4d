-- Today's fleet of each accelerator: how many GPUs there are, what one of them was billed by the
-- hour, and how long one of them works on a request.
with newest as (

    select max(ds) as ds
    from {{ ref('int_capacity__hours') }}

),

held as (

    select
        hours.accelerator,
        avg(hours.allocated_gpus) as today_gpus
    from {{ ref('int_capacity__hours') }} as hours
    inner join newest
        on hours.ds > newest.ds - interval '{{ var("capacity_today_days") }} days'
    group by hours.accelerator

),

billed as (

    select
        hours.accelerator,
        cast(
            cast(sum(hours.cost_usd) as double) / sum(hours.gpu_hours) as decimal(38, 12)
        ) as hourly_usd
    from {{ ref('fct_gpu_utilization_hourly') }} as hours
    inner join newest
        on hours.hour > newest.ds - interval '{{ var("capacity_billed_days") }} days'
    where hours.cost_usd is not null and hours.gpu_hours > 0
    group by hours.accelerator

),

requests as (

    select
        {{ regex_group('demand.unique_id', '([^/]*)$', 1) }} as accelerator,
        sum(cast(demand.tokens as double) / demand.tokens_per_second_per_gpu)
        / sum(cast(demand.requests as double)) as service_s
    from {{ ref('int_demand__hourly') }} as demand
    inner join newest
        on demand.ds > newest.ds - interval '{{ var("capacity_billed_days") }} days'
    where demand.tokens_per_second_per_gpu > 0 and demand.requests > 0
    group by {{ regex_group('demand.unique_id', '([^/]*)$', 1) }}

)

select
    held.accelerator,
    held.today_gpus,
    billed.hourly_usd as today_hourly_usd,
    requests.service_s
from held
left join billed
    on held.accelerator = billed.accelerator
left join requests
    on held.accelerator = requests.accelerator

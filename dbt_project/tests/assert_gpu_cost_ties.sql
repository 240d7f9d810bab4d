{{ config(severity='error', meta={'owner': 'team:finops'}) }}

-- The money of the utilization mart is that of the billed GPU resources of its days, exactly.
with billed as (

    select
        charges.date_day,
        sum(charges.effective_cost_usd) as cost_usd
    from {{ ref('int_billing__charge_days') }} as charges
    inner join (
        select distinct
            date_day,
            resource_key
        from {{ ref('int_gpu__resource_days') }}
    ) as resources
        on
            charges.date_day = resources.date_day
            and charges.resource_key = resources.resource_key
    group by charges.date_day

),

shown as (

    select
        cast(hour as date) as date_day,
        sum(cost_usd) as cost_usd
    from {{ ref('fct_gpu_utilization_hourly') }}
    group by cast(hour as date)

)

select
    coalesce(billed.date_day, shown.date_day) as date_day,
    concat(
        cast(coalesce(billed.date_day, shown.date_day) as varchar), ': GPU resources cost ',
        cast(coalesce(billed.cost_usd, 0) as varchar), ' USD, the utilization mart shows ',
        cast(coalesce(shown.cost_usd, 0) as varchar)
    ) as message
from billed
full outer join shown
    on billed.date_day = shown.date_day
where coalesce(billed.cost_usd, 0) <> coalesce(shown.cost_usd, 0)

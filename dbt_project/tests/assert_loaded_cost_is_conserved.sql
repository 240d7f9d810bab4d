{{ config(severity='error', meta={'owner': 'team:finops'}) }}

-- Loaded cost arrives whole: the unit economics hold what the versions cost, to the last digit.
with costs as (

    select
        date_day,
        sum(cost_usd) as loaded_cost_usd,
        sum(case when cost_kind = 'direct' then cost_usd else 0 end) as direct_cost_usd
    from {{ ref('int_cost__loaded_daily') }}
    group by date_day

),

published as (

    select
        date_day,
        sum(loaded_cost_usd) as loaded_cost_usd,
        sum(direct_cost_usd) as direct_cost_usd
    from {{ ref('fct_unit_economics_daily') }}
    group by date_day

)

select
    coalesce(costs.date_day, published.date_day) as date_day,
    concat(
        cast(coalesce(costs.date_day, published.date_day) as varchar), ': versions cost ',
        cast(coalesce(costs.loaded_cost_usd, 0) as varchar), ' USD loaded and ',
        cast(coalesce(costs.direct_cost_usd, 0) as varchar), ' direct, the unit economics show ',
        cast(coalesce(published.loaded_cost_usd, 0) as varchar), ' and ',
        cast(coalesce(published.direct_cost_usd, 0) as varchar)
    ) as message
from costs
full outer join published
    on costs.date_day = published.date_day
where
    coalesce(costs.loaded_cost_usd, 0) <> coalesce(published.loaded_cost_usd, 0)
    or coalesce(costs.direct_cost_usd, 0) <> coalesce(published.direct_cost_usd, 0)

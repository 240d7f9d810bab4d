-- The versions that get a verdict: those that cost something, or were worth something, in the
-- days up to the as-of day.
with days as (

    select
        {{ as_of_day() }} as as_of_date,
        cast({{ as_of_day() }} - interval '{{ var("verdict_days") - 1 }} days' as date) as first_day

)

select
    versions.model_name,
    versions.model_version,
    versions.is_zombie,
    versions.zombie_reason,
    days.first_day,
    days.as_of_date,
    coalesce(worth.cost_usd, 0) as cost_usd,
    worth.value_usd,
    worth.value_high_usd,
    coalesce(worth.value_method, 'none') as value_method,
    coalesce(initiatives.is_exploration, false) as is_exploration
from {{ ref('dim_model_version') }} as versions
cross join days
left join {{ ref('int_value__by_period') }} as worth
    on
        versions.model_name = worth.model_name
        and versions.model_version = worth.model_version
        and worth.period_kind = 'trailing'
left join (
    select
        costs.model_name,
        costs.model_version,
        max(case when costs.initiative = 'exploration' then 1 else 0 end) = 1 as is_exploration
    from {{ ref('fct_model_cost_daily') }} as costs
    inner join days as looked_at
        on costs.date_day between looked_at.first_day and looked_at.as_of_date
    group by costs.model_name, costs.model_version
) as initiatives
    on
        versions.model_name = initiatives.model_name
        and versions.model_version = initiatives.model_version
where
    versions.model_name <> 'unattributed'
    and (worth.cost_usd <> 0 or worth.value_usd is not null)

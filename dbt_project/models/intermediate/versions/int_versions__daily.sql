-- What each version served and cost per day. It serves on a day with calls; a version that never
-- had a call logged serves on the days it cost something.
with daily as (

    select
        date_day,
        model_name,
        model_version,
        cast(sum(requests) as bigint) as requests,
        cast(sum(total_tokens) as bigint) as total_tokens,
        cast(sum(direct_cost_usd) as decimal(38, 12)) as direct_cost_usd
    from {{ ref('fct_unit_economics_daily') }}
    where
        model_name <> 'unattributed'
        and model_version <> 'unattributed'
    group by date_day, model_name, model_version

)

select
    date_day,
    model_name,
    model_version,
    requests,
    total_tokens,
    direct_cost_usd,
    case
        when max(requests) over (partition by model_name, model_version) > 0 then requests > 0
        else direct_cost_usd <> 0
    end as is_serving
from daily
where
    requests > 0
    or direct_cost_usd <> 0

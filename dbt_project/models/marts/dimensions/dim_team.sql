-- Every team that the bill, the calls or GPU telemetry know, with the days it was seen.
with seen as (

    select
        team,
        date_day
    from {{ ref('fct_model_cost_daily') }}
    union all
    select
        team,
        date_day
    from {{ ref('int_requests__daily') }}
    union all
    select
        team,
        date_day
    from {{ ref('int_gpu__resource_days') }}

)

select
    team,
    min(date_day) as first_seen_date,
    max(date_day) as last_seen_date
from seen
group by team

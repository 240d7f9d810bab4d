-- Every team that the bill, the calls, GPU telemetry or the scheduler know, with the days it was
-- seen, and those that only a role or a budget names, without days.
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
    union all
    select
        team,
        date_day
    from {{ ref('fct_gpu_queue_daily') }}
    union all
    select
        team,
        cast(null as date) as date_day
    from {{ ref('stg_planning__roles') }}
    union all
    select
        team,
        cast(null as date) as date_day
    from {{ ref('stg_planning__budgets') }}
    where team is not null

)

select
    team,
    min(date_day) as first_seen_date,
    max(date_day) as last_seen_date
from seen
group by team

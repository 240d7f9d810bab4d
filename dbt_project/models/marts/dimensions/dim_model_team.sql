-- Every team that the bill, the calls or GPU telemetry name for a model, of any version.
with seen as (

    select
        model_name,
        team,
        date_day
    from {{ ref('fct_model_cost_daily') }}
    union all
    select
        model_name,
        team,
        date_day
    from {{ ref('int_requests__daily') }}
    union all
    select
        model_name,
        team,
        cast(hour as date) as date_day
    from {{ ref('fct_gpu_utilization_hourly') }}

)

select
    model_name,
    team,
    min(date_day) as first_seen_date,
    max(date_day) as last_seen_date
from seen
where model_name <> 'unattributed'
group by model_name, team

{{ config(tags=['forecast']) }}

{% set week_us = 7 * 24 * 3600 * 1000000 %}
{% set measures = {'gpus_required': 'gpus', 'requests': 'requests', 'tokens': 'tokens'} %}
{% set weeks = var('forecast_review_weeks') %}

-- Each hour of the newest weeks beside the forecast that stood when its week began.
with actuals as (

    {% for column, measure in measures.items() %}
    select
        unique_id,
        '{{ measure }}' as measure,
        ds,
        cast({{ column }} as decimal(24, 6)) as y
    from {{ ref('fct_gpu_demand_hourly') }}
    where {{ column }} is not null
    union all
    {% endfor %}
    select
        unique_id,
        'gpus' as measure,
        ds,
        cast(gpus as decimal(24, 6)) as y
    from {{ ref('int_demand__training_hourly') }}

),

newest as (

    select max(ds) as ds
    from actuals

),

weeks as (

    {% for week in range(weeks) %}
    select
        {{ plus_micros('ds', -week * week_us) }} as week_end,
        {{ plus_micros('ds', -(week + 1) * week_us) }} as known_until
    from newest
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

-- A forecast reaches 28 days: one of three weeks earlier still covers the week.
spoken as (

    select distinct forecasts.created_at
    from {{ ref('stg_forecasts__published_forecasts') }} as forecasts
    inner join newest
        on forecasts.created_at >= {{ plus_micros('newest.ds', -(weeks + 3) * week_us) }}

),

chosen as (

    select
        weeks.week_end,
        weeks.known_until,
        max(spoken.created_at) as created_at
    from weeks
    inner join spoken
        on
            weeks.known_until >= spoken.created_at
            and {{ plus_micros('weeks.known_until', -3 * week_us) }} <= spoken.created_at
    group by weeks.week_end, weeks.known_until

)

select
    cast(chosen.week_end as timestamp) as week_end,
    forecasts.unique_id,
    forecasts.measure,
    forecasts.ds,
    forecasts.created_at,
    forecasts.model,
    actuals.y,
    cast(forecasts.y_p50 as decimal(24, 6)) as y_p50,
    cast(forecasts.y_p80 as decimal(24, 6)) as y_p80,
    cast(forecasts.y_p90 as decimal(24, 6)) as y_p90,
    cast(forecasts.y_p95 as decimal(24, 6)) as y_p95,
    cast(forecasts.y_p99 as decimal(24, 6)) as y_p99
from chosen
inner join {{ ref('stg_forecasts__published_forecasts') }} as forecasts
    on
        chosen.created_at = forecasts.created_at
        and chosen.known_until < forecasts.ds
        and chosen.week_end >= forecasts.ds
inner join actuals
    on
        forecasts.unique_id = actuals.unique_id
        and forecasts.measure = actuals.measure
        and forecasts.ds = actuals.ds

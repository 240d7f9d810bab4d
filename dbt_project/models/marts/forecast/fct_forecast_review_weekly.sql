{{ config(tags=['forecast']) }}

-- What was forecast for a week before it began, against what came.
with hours as (

    select
        *,
        row_number() over (
            partition by week_end, unique_id, measure
            order by abs(y - y_p50) desc, ds
        ) as miss_rank
    from {{ ref('fct_forecast_review_hourly') }}

)

select
    week_end,
    unique_id,
    measure,
    min(created_at) as created_at,
    min(model) as model,
    cast(count(*) as integer) as hours,
    cast(sum(case when y <= y_p90 then 1 else 0 end) as integer) as hours_inside,
    {{ decimal_ratio('sum(case when y <= y_p90 then 1 else 0 end)', 'count(*)') }} as inside_ratio,
    cast(sum(case when y > y_p99 then 1 else 0 end) as integer) as hours_above_p99,
    {{ decimal_ratio('sum(abs(y - y_p50))', 'sum(y)') }} as wape,
    {{ decimal_ratio('sum(y_p50 - y)', 'sum(y)') }} as bias_ratio,
    cast(sum(y) as decimal(38, 6)) as actual_total,
    cast(sum(y_p50) as decimal(38, 6)) as forecast_total,
    cast(sum(abs(y - y_p50)) as decimal(38, 6)) as absolute_error_total,
    max(case when miss_rank = 1 then ds end) as worst_ds,
    cast(max(case when miss_rank = 1 then y end) as decimal(38, 6)) as worst_actual,
    cast(max(case when miss_rank = 1 then y_p50 end) as decimal(38, 6)) as worst_p50,
    cast(max(case when miss_rank = 1 then y_p90 end) as decimal(38, 6)) as worst_p90
from hours
group by week_end, unique_id, measure

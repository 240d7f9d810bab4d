-- Last week's forecast of the totals, against what came.
select
    unique_id,
    measure,
    week_end,
    created_at,
    model,
    hours,
    hours_inside,
    inside_ratio,
    hours_above_p99,
    wape,
    bias_ratio,
    actual_total,
    forecast_total,
    worst_ds,
    worst_actual,
    worst_p50,
    worst_p90
from marts.fct_forecast_review_weekly
where
    week_end = (select max(week_end) from marts.fct_forecast_review_weekly)
    and (
        (unique_id like 'accelerator:%' or unique_id like 'training:%') and measure = 'gpus'
        -- nobody buys GPUs for what vendors serve
        or unique_id = 'accelerator:api'
    )
order by
    measure = 'gpus' desc,
    unique_id like 'accelerator:%' desc,
    actual_total desc,
    unique_id,
    measure

-- The hours behind them.
select
    unique_id,
    measure,
    ds,
    cast(y as double) as y,
    cast(y_p50 as double) as y_p50,
    cast(y_p80 as double) as y_p80,
    cast(y_p90 as double) as y_p90,
    cast(y_p95 as double) as y_p95,
    cast(y_p99 as double) as y_p99
from marts.fct_forecast_review_hourly
where
    week_end = (select max(week_end) from marts.fct_forecast_review_hourly)
    and (
        (unique_id like 'accelerator:%' or unique_id like 'training:%') and measure = 'gpus'
        -- nobody buys GPUs for what vendors serve
        or unique_id = 'accelerator:api'
    )
order by unique_id, measure, ds

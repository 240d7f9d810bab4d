-- How wrong the models were on some series, test by test.
select
    unique_id,
    measure,
    model,
    cutoff,
    horizon_bucket,
    wape,
    mase,
    pinball,
    coverage_90,
    skill_vs_seasonal_naive
from marts.gpu_demand_backtest
where unique_id in (select unnest($unique_ids))
order by unique_id, measure, horizon_bucket, cutoff, model

-- How wrong the models were on some series, the mean over cutoffs.
select
    unique_id,
    measure,
    model,
    horizon_bucket,
    count(*) as cutoffs,
    avg(wape) as wape,
    avg(mase) as mase,
    avg(pinball) as pinball,
    avg(coverage_90) as coverage_90,
    avg(skill_vs_seasonal_naive) as skill
from marts.gpu_demand_backtest
where unique_id in (select unnest($unique_ids))
group by unique_id, measure, model, horizon_bucket
order by unique_id, measure, horizon_bucket, model

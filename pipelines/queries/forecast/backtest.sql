-- How wrong a model was on one series, the mean over cutoffs.
select
    horizon_bucket,
    count(*) as cutoffs,
    avg(wape) as wape,
    avg(coverage_90) as coverage_90,
    avg(skill_vs_seasonal_naive) as skill
from gpu_demand_backtest
where
    unique_id = $unique_id
    and measure = $measure
    and model = $model
group by horizon_bucket
order by horizon_bucket

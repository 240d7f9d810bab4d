-- How wrong the published forecasts were over all series, beside other models of the same tests.
with champions as (
    select distinct unique_id, measure, model
    from marts.gpu_demand_forecast
),

per_series as (
    select
        tested.unique_id,
        tested.measure,
        tested.horizon_bucket,
        case when champions.model is not null then 'champion' end as role,
        tested.model,
        avg(tested.wape) as wape,
        avg(tested.coverage_90) as coverage_90,
        avg(tested.skill_vs_seasonal_naive) as skill
    from marts.gpu_demand_backtest as tested
    left join champions
        on
            tested.unique_id = champions.unique_id
            and tested.measure = champions.measure
            and tested.model = champions.model
    group by all
),

shown as (
    select 'champion' as shown_as, * from per_series where role = 'champion'
    union all
    select model as shown_as, * from per_series where model in (select unnest($references))
)

select
    horizon_bucket,
    shown_as,
    count(*) as series,
    median(wape) as wape,
    avg(coverage_90) as coverage_90,
    median(skill) as skill,
    avg(cast(skill > 0 as integer)) as share_better
from shown
group by horizon_bucket, shown_as
order by horizon_bucket, shown_as <> 'champion', shown_as

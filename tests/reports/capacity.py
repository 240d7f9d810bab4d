"""Planted plans and bursts, in the shape of the public marts."""

SCHEMA = """
create table marts.gpu_capacity_plan (
    accelerator varchar, term varchar, term_hours bigint, created_at timestamp, evidence varchar,
    method varchar, demand_mean_gpus double, demand_p50_gpus double, demand_p95_gpus double,
    training_mean_gpus double, reserve_quantile double, reserved_gpus bigint,
    on_demand_gpus double, spot_gpus double, ready_gpus bigint, shortfall_probability double,
    commitment varchar, provider varchar, reserved_hourly_usd decimal(38, 12),
    on_demand_hourly_usd decimal(38, 12), spot_hourly_usd decimal(38, 12),
    reserved_cost_usd decimal(38, 12), on_demand_cost_usd decimal(38, 12),
    spot_cost_usd decimal(38, 12), expected_cost_usd decimal(38, 12), today_gpus double,
    today_shortfall_probability double, today_cost_usd decimal(38, 12),
    today_hourly_usd decimal(38, 12), saving_usd decimal(38, 12), backtest_cutoffs bigint,
    regret_vs_clairvoyant_ratio double, regret_vs_today_ratio double,
    backtest_shortfall_ratio double, missing varchar
);
create table marts.gpu_capacity_plan_hourly (
    accelerator varchar, hour_of_week bigint, term varchar, reserved_gpus bigint,
    demand_mean_gpus double, demand_p50_gpus double, demand_p95_gpus double,
    on_demand_gpus double, spot_gpus double, ready_gpus bigint, shortfall_probability double,
    expected_cost_usd decimal(38, 12)
);
create table marts.gpu_capacity_plan_backtest (
    accelerator varchar, cutoff timestamp, hours bigint, reserved_gpus bigint,
    clairvoyant_gpus bigint, today_gpus double, plan_cost_usd decimal(38, 12),
    clairvoyant_cost_usd decimal(38, 12), today_cost_usd decimal(38, 12),
    plan_shortfall_ratio double, today_shortfall_ratio double
);
create table marts.gpu_burst_risk_daily (
    unique_id varchar, measure varchar, date_day date, created_at timestamp,
    burst_probability double, expected_bursts double, burst_threshold double,
    expected_extra double, peak_p95 double, peak_p99 double
);
"""

# Reserve 12 H100 for a year: 12 x 2 USD x 8,760 hours = 210,240; with 2.5 on demand and 0.5 spot.
# A100: no reserved price in the list, so only the forecast month, and dearer than today.
PLAN = """
insert into marts.gpu_capacity_plan
with terms as (
    select * from (values
        ('month', 672, 'within horizon', 'forecast', 13, 16128.0, 7000.0, 1000.0),
        ('1y', 8760, 'extrapolated', 'level held', 12, 210240.0, 109500.0, 13140.0)
    ) as t (term, hours, evidence, method, reserved, reserved_usd, on_demand_usd, spot_usd)
)
select
    '$h100', term, hours, timestamp '$created_at', evidence, method, 13.1, 13.0, 19.2, 4.2, 0.6,
    reserved, 2.5, 0.5, 21, 0.0123, '1y', 'aws', 2, 5, 1.5, reserved_usd, on_demand_usd, spot_usd,
    reserved_usd + on_demand_usd + spot_usd, 15.6, 0.08,
    (reserved_usd + on_demand_usd + spot_usd) * 1.25, 2.75,
    (reserved_usd + on_demand_usd + spot_usd) * 0.25, 4, 0.062, -0.11, 0.02, null
from terms
union all
select
    '$a100', 'month', 672, timestamp '$created_at', 'within horizon', 'forecast', 3, 3, 4, 0, 0,
    0, 3, 0, 5, 0.0004, null, 'aws', null, 2.5, null, 0, 5040, 0, 5040, 3.6, 0.3, 4840, 1, -200,
    0, null, null, null, 'reserved price; spot price';

insert into marts.gpu_capacity_plan_hourly
select
    accelerator, h, 'month', reserved, 13, 13, 19, if(h % 24 between 9 and 17, 4.5, 0.5),
    if(h % 24 between 9 and 17, 1.5, 0), 21, if(h = 10, 0.2, 0.01), 30
from range(168) as hours (h), (values ('$h100', 13), ('$a100', 0)) as a (accelerator, reserved);

insert into marts.gpu_capacity_plan_backtest
select
    '$h100', timestamp '2024-06-09 23:00:00' + to_weeks(cast(n as integer)), 168, 13, 12, 15.6,
    1060 + n, 1000, 1200, 0.01, 0.05
from range(3) as weeks (n);

insert into marts.gpu_burst_risk_daily
select
    unique_id, 'gpus', date '2024-07-01' + cast(d as integer), timestamp '$created_at',
    if(d = 3, 0.42, 0.04), if(d = 3, 0.55, 0.04), 17, 0.8, 18 + d % 7, 24 + d % 7
from range(28) as days (d),
    (select distinct unique_id from marts.fct_gpu_demand_hourly where gpus_required > 0);
"""

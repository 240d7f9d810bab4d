"""Planted verdicts, alerts and a week of forecasts, in the shape of the public marts."""

SCHEMA = """
create table marts.fct_model_verdicts (
    model_name varchar, model_version varchar, verdict varchar, reasons varchar,
    monthly_cost_usd decimal(38, 12), monthly_value_usd decimal(38, 12), value_method varchar,
    roi decimal(38, 12), roi_low decimal(38, 12), roi_high decimal(38, 12),
    dollars_at_stake decimal(38, 12), next_step varchar, as_of_date date
);
create table marts.fct_version_changes (
    model_name varchar, from_version varchar, to_version varchar, cutover_date date,
    cost_before_usd decimal(38, 12), cost_after_usd decimal(38, 12),
    cost_per_mtok_ratio decimal(38, 12), is_cost_spike boolean, is_justified boolean
);
create table marts.fct_alerts (
    alert_key varchar, kind varchar, severity varchar, subject varchar, model_name varchar,
    model_version varchar, team varchar, owner varchar, started_on date, last_seen_on date,
    amount_usd decimal(38, 12), cause varchar, what_to_do varchar
);
create table marts.fct_forecast_review_hourly (
    week_end timestamp, unique_id varchar, measure varchar, ds timestamp, created_at timestamp,
    model varchar, y decimal(24, 6), y_p50 decimal(24, 6), y_p80 decimal(24, 6),
    y_p90 decimal(24, 6), y_p95 decimal(24, 6), y_p99 decimal(24, 6)
);
create table marts.fct_forecast_review_weekly (
    week_end timestamp, unique_id varchar, measure varchar, created_at timestamp, model varchar,
    hours integer, hours_inside integer, inside_ratio decimal(38, 12), hours_above_p99 integer,
    wape decimal(38, 12), bias_ratio decimal(38, 12), actual_total decimal(38, 6),
    forecast_total decimal(38, 6), absolute_error_total decimal(38, 6), worst_ds timestamp,
    worst_actual decimal(38, 6), worst_p50 decimal(38, 6), worst_p90 decimal(38, 6)
);
"""

# Versions 1 go, 2 are put right at 450 USD each, others stay. 10 GPUs were forecast for each hour,
# at most 12 with 90 %; 10 came, but 20 at noon of 27 June and of 28 June: 20 of 1,700 missed.
FILL = """
insert into marts.fct_model_verdicts
select name, version,
    case version when 'v1' then 'eliminate' when 'v3' then 'justify' else 'optimize' end,
    'because of ' || name, gpus * 300, gpus * 900, 'measured', 2, 1.5, 2.5,
    if(version = 'v3', 0, gpus * 50), 'next for ' || name, date '2024-06-30'
from models;

insert into marts.fct_version_changes
select name, 'v0', version, date '2024-06-27', 100, 250, 2.5, true, false from models
where version = 'v2'
union all
select name, 'v0', version, date '2024-06-01', 100, 999, 2.5, true, false from models;

insert into marts.fct_alerts
select 'spike-' || row_number() over (), 'valueless_spike', 'critical', name || '/' || version,
    name, version, name, name, date '2024-06-29', date '2024-06-30', 1234.5,
    'cause of ' || name, 'do for ' || name
from models
union all
select 'budget-1', 'budget_at_risk', 'warning', 'budget of head', 'unattributed', 'unattributed',
    'team', 'head', date '2024-06-01', date '2024-06-30', null, 'spent', 'cut';

insert into marts.fct_forecast_review_hourly
select timestamp '$created_at', 'accelerator:' || accelerator, 'gpus', ds,
    timestamp '$created_at' - interval 168 hours, 'prophet',
    if(ds in (timestamp '2024-06-27 12:00:00', timestamp '2024-06-28 12:00:00'), 20, 10),
    10, 11, 12, 13, 15
from (select distinct accelerator from models), hours
where ds > timestamp '$created_at' - interval 168 hours;

insert into marts.fct_forecast_review_weekly
select week_end, unique_id, measure, created_at, model, count(*), count(*) filter (y <= y_p90),
    count(*) filter (y <= y_p90) / count(*), count(*) filter (y > y_p99),
    sum(abs(y - y_p50)) / sum(y), sum(y_p50 - y) / sum(y), sum(y), sum(y_p50), sum(abs(y - y_p50)),
    timestamp '2024-06-27 12:00:00', 20, 10, 12
from marts.fct_forecast_review_hourly group by all;
"""

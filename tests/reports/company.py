"""A small published warehouse with planted figures, in the shape of the public marts."""

from pathlib import Path

import duckdb

from tests.reports import capacity, review

#: The newest hour of all series and the newest day with bills.
CREATED_AT = "2024-06-30 23:00:00"
H100 = "NVIDIA-H100-80GB-HBM3"
A100 = "NVIDIA-A100-SXM4-80GB"
MODELS = (
    ("support-assistant", "v1", "chat", H100, 4.0),
    ("support-assistant", "v2", "chat", H100, 9.0),
    ("search-ranker", "v3", "rank", A100, 3.0),
)

SCHEMA = """
create schema marts;
create table marts.fct_model_cost_daily (
    date_day date, billing_account_id varchar, allocation_method varchar, model_name varchar,
    effective_cost_usd decimal(38, 12)
);
create table marts.fct_gpu_utilization_hourly (
    hour timestamp, gpu_uuid varchar, model_name varchar, model_version varchar, endpoint varchar,
    team varchar, accelerator varchar, hostname varchar, is_held boolean, gpu_hours double,
    avg_utilization double, cost_usd decimal(38, 12), idle_cost_usd decimal(38, 12)
);
create table marts.fct_unit_economics_daily (
    date_day date, model_name varchar, model_version varchar, endpoint varchar,
    accelerator varchar, requests bigint, total_tokens hugeint, direct_cost_usd decimal(38, 12),
    loaded_cost_usd decimal(38, 12)
);
create table marts.fct_model_value_monthly (
    month date, model_name varchar, model_version varchar, value_usd decimal(38, 12),
    value_low_usd decimal(38, 12), value_high_usd decimal(38, 12), roi decimal(38, 12),
    value_method varchar
);
create table marts.fct_gpu_demand_hourly (
    unique_id varchar, ds timestamp, requests bigint, tokens bigint, gpus_required double,
    gpus_allocated double
);
create table marts.gpu_demand_forecast_candidates (
    unique_id varchar, measure varchar, model varchar, is_champion boolean,
    champion_reason varchar, ds timestamp, created_at timestamp, y_p50 double, y_p80 double,
    y_p90 double, y_p95 double, y_p99 double
);
create view marts.gpu_demand_forecast as
select * exclude (is_champion) from marts.gpu_demand_forecast_candidates where is_champion;
create table marts.gpu_demand_backtest (
    unique_id varchar, measure varchar, model varchar, cutoff timestamp, horizon_bucket varchar,
    wape double, mase double, pinball double, coverage_90 double, skill_vs_seasonal_naive double
);
"""

# A wave of the day and the week, with a ripple that looks like noise and is the same every time.
WAVE = """
    (1 + 0.45 * sin(2 * pi() * (hour(ds) - 9) / 24) - 0.3 * (isodow(ds) > 5)::int
    + 0.12 * sin(epoch(ds) / 3600 * 2.3) * cos(epoch(ds) / 3600 * 0.7))
"""


def empty(path: Path) -> Path:
    """Every table, no row."""
    with duckdb.connect(path) as connection:
        connection.execute(SCHEMA)
        connection.execute(capacity.SCHEMA)
        connection.execute(review.SCHEMA)
    return path


def busy(path: Path, models: tuple = MODELS, ahead: int = 672) -> Path:
    """60 days of a company with the given models, forecast so many hours ahead.

    A model is name, version, endpoint, accelerator, GPUs.
    """
    with duckdb.connect(path) as connection:
        connection.execute(SCHEMA)
        connection.execute(capacity.SCHEMA)
        connection.execute(review.SCHEMA)
        connection.execute(
            "create temp table models (name varchar, version varchar, endpoint varchar,"
            " accelerator varchar, gpus double)"
        )
        connection.executemany("insert into models values (?, ?, ?, ?, ?)", models)
        words = {"$wave": WAVE, "$created_at": CREATED_AT, "$h100": H100, "$a100": A100}
        words["$ahead"] = str(ahead + 1)
        for statement in (_FILL, capacity.PLAN, review.FILL):
            for word, value in words.items():
                statement = statement.replace(word, value)
            connection.execute(statement)
    return path


_FILL = """
create temp table hours as
select unnest(range(
    timestamp '$created_at' - interval 1439 hours, timestamp '$created_at' + interval 1 hour,
    interval 1 hour
)) as ds;
create temp table ahead as
select unnest(range(
    timestamp '$created_at' + interval 1 hour, timestamp '$created_at' + interval $ahead hours,
    interval 1 hour
)) as ds;

-- 100 USD a day in June, of which 90 direct, 6 idle and 4 unattributed; ten times that in May.
insert into marts.fct_model_cost_daily
select distinct cast(ds as date), 'payer-1', part.method, part.model,
    part.usd * if(ds < timestamp '2024-06-01', 10, 1)
from hours, (values ('direct', 'support-assistant', 90), ('idle', 'unattributed', 6),
    ('unattributed', 'unattributed', 4)) as part (method, model, usd);

-- 10 GPUs of each accelerator at 2 USD an hour: 7 held (a quarter of the nights idle), 3 free.
insert into marts.fct_gpu_utilization_hourly
with gpus as (
    select accelerator, min(name) as name, min(version) as version
    from models where accelerator <> 'api' group by accelerator
),
rows as (
    select ds, 'gpu-' || n as gpu, gpus.*, n < 7 as is_held,
        case when n < 7 then greatest(0.02, 0.5 * $wave) else 0 end as used
    from hours, gpus, range(10) as g (n)
)
select ds, gpu, if(is_held, name, 'unattributed'), if(is_held, version, 'unattributed'), 'chat',
    'support', accelerator, 'host-1', is_held, 1, used, 2, if(not is_held or used < 0.15, 2, 0)
from rows;

insert into marts.fct_unit_economics_daily
select distinct cast(ds as date), name, version, endpoint, accelerator, 1000, 2000000, gpus * 10,
    gpus * 12.5
from hours, models;

insert into marts.fct_model_value_monthly
select month, name, version, gpus * 500, gpus * 450, gpus * 550,
    case when version = 'v1' then -0.25 else 0.33 end, 'measured'
from models, (values (date '2024-05-01'), (date '2024-06-01')) as m (month)
where version <> 'v3';

insert into marts.fct_gpu_demand_hourly
with one as (
    select name || '/' || version || '/' || endpoint || '/' || accelerator as unique_id,
        accelerator, ds, gpus, $wave as wave
    from hours, models
)
select unique_id, ds, round(1000 * wave), round(900000 * wave),
    if(accelerator = 'api', null, gpus * wave), if(accelerator = 'api', null, gpus * 1.2)
from one
union all
select 'accelerator:' || accelerator, ds, sum(round(1000 * wave)), sum(round(900000 * wave)),
    if(accelerator = 'api', null, sum(gpus * wave)), if(accelerator = 'api', null, sum(gpus * 1.2))
from one group by accelerator, ds;

insert into marts.gpu_demand_forecast_candidates
with level as (
    select unique_id, avg(gpus_required) as gpus, avg(tokens) as tokens, avg(requests) as requests
    from marts.fct_gpu_demand_hourly group by unique_id
),
long as (
    unpivot level on gpus, tokens, requests into name measure value y
),
every_model as (
    select long.*, model.model, model.width, ahead.ds, $wave * y as mid
    from long, ahead, (values ('prophet', 0.07), ('seasonal_naive', 0.14)) as model (model, width)
)
select unique_id, measure, model, model = 'prophet', 'lost least', ds, timestamp '$created_at', mid,
    mid + 0.84 * width * y, mid + 1.28 * width * y, mid + 1.64 * width * y, mid + 2.33 * width * y
from every_model;

insert into marts.gpu_demand_backtest
select distinct unique_id, measure, model, timestamp '2024-06-23 23:00:00', bucket,
    if(model = 'prophet', 0.08, 0.1), 0.9, if(model = 'prophet', 0.3, 0.4), 0.91,
    if(model = 'prophet', 0.25, 0)
from marts.gpu_demand_forecast_candidates, (values ('001-024h'), ('025-168h')) as b (bucket);
"""

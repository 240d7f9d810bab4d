"""History out, forecasts back, and nothing done twice."""

from datetime import datetime
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from forecasts import DemandForecast
from forecasts.champions import Spoken
from ingestion.load import write_frames
from pipelines.forecasting import lake as forecast_lake
from pipelines.forecasting.assets import input_fingerprint, read_history


@pytest.fixture
def build(tmp_path: Path) -> Path:
    path = tmp_path / "build.duckdb"
    with duckdb.connect(path) as connection:
        connection.execute("create schema marts")
        connection.execute(
            "create table marts.fct_gpu_demand_hourly as select * from (values "
            "('b/api', timestamp '2025-03-01 01:00:00', 5::bigint, 50::bigint, null::double),"
            "('a/h100', timestamp '2025-03-01 01:00:00', 7::bigint, null, 1.5::double),"
            "('a/h100', timestamp '2025-03-01 00:00:00', 6::bigint, 60::bigint, 2.5::double)"
            ") as t(unique_id, ds, requests, tokens, gpus_required)"
        )
        connection.execute("create schema intermediate")
        connection.execute(
            "create table intermediate.int_demand__training_hourly as select * from (values "
            "('training:h100', timestamp '2025-03-01 01:00:00', 4.0::double)"
            ") as t(unique_id, ds, gpus)"
        )
    return path


def test_history_is_long_ordered_and_without_gaps_filled(build: Path) -> None:
    midnight, one = datetime(2025, 3, 1), datetime(2025, 3, 1, 1)
    rows = [tuple(row.values()) for row in read_history(build).to_pylist()]
    assert rows == [
        ("a/h100", "gpus", midnight, 2.5),
        ("a/h100", "gpus", one, 1.5),
        ("a/h100", "requests", midnight, 6.0),
        ("a/h100", "requests", one, 7.0),
        ("b/api", "requests", one, 5.0),
        ("a/h100", "tokens", midnight, 60.0),
        ("b/api", "tokens", one, 50.0),
        ("training:h100", "gpus", one, 4.0),
    ]


def test_fingerprint_follows_the_history(build: Path) -> None:
    history = read_history(build)
    assert input_fingerprint(history) == input_fingerprint(read_history(build))
    assert input_fingerprint(history) != input_fingerprint(history.slice(1))
    assert input_fingerprint(history.slice(0, 0)) == forecast_lake.NOTHING_TO_FORECAST


def forecast_frame(value: float) -> pd.DataFrame:
    when = pd.Timestamp("2025-03-01")
    row: dict[str, object] = {
        "unique_id": "a",
        "measure": "gpus",
        "model": "naive",
        "is_champion": True,
        "champion_reason": "default",
        "ds": when,
        "created_at": when,
    }
    return pd.DataFrame([row | {f"y_p{q}": value for q in (50, 80, 90, 95, 99)}])


def test_the_newest_complete_forecast_is_the_one_that_counts(tmp_path: Path) -> None:
    assert forecast_lake.newest_fingerprint(tmp_path) is None
    empty = forecast_lake.empty_tables()
    write(tmp_path, empty, forecast_lake.NOTHING_TO_FORECAST)
    assert forecast_lake.newest_fingerprint(tmp_path) == forecast_lake.NOTHING_TO_FORECAST

    backtests = forecast_lake.BACKTESTS.empty_table().to_pandas()
    bursts = forecast_lake.BURSTS.empty_table().to_pandas()
    champions = forecast_lake.CHAMPIONS.empty_table().to_pandas()
    spoken = Spoken(DemandForecast(forecast_frame(2.0), backtests), champions)
    tables = forecast_lake.as_tables(spoken, bursts)
    for stamp in ("first", "second"):
        write(tmp_path, tables, stamp)
    assert forecast_lake.newest_fingerprint(tmp_path) == "second"

    newest = sorted((tmp_path / "lake" / "demand_forecasts").glob("*.parquet"))[-1]
    assert pq.read_schema(newest).field("ds").type == pa.timestamp("us")
    load_id = newest.name.rsplit(".", 2)[0]
    for path in (tmp_path / "lake" / "_dlt_loads").glob("*.jsonl"):
        if load_id in path.read_text():
            path.unlink()
    assert forecast_lake.newest_fingerprint(tmp_path) == "first"


def write(home: Path, tables: dict[str, pa.Table], stamp: str) -> None:
    stamped = {name: forecast_lake.stamped(table, stamp) for name, table in tables.items()}
    write_frames(stamped, home, "forecasts")

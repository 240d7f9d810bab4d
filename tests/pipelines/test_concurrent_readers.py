"""Twenty readers look while the warehouse is replaced again and again."""

import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from benchmarks.warehouse_reader import Reading, read_until, readings
from pipelines import build_file
from pipelines.home import HomePaths

READERS, PUBLICATIONS = 20, 8
ROWS = 5_000
ROOT = Path(__file__).parents[2]


def write(database: Path, generation: int, missing_cents: int = 0) -> None:
    """A bill and its mart, row by row other than in the generation before; then one load more."""
    with duckdb.connect(database) as build:
        for schema in ("marts", "ops", "intermediate"):
            build.execute(f"create schema if not exists {schema}")
        for table in ("intermediate.int_billing__charge_days", "marts.fct_model_cost_daily"):
            short = missing_cents if table.startswith("marts") else 0
            build.execute(
                f"""create or replace table {table} as
                select
                    'AWS' as provider, 'a' as billing_account_id, 'USD' as billing_currency,
                    date '2026-01-01' + cast(row % 3 as integer) * 31 as billing_period_start,
                    cast(row * {generation} as decimal(38, 12)) / 100
                        - case when row = 7 then {short} else 0 end as billed_cost,
                    billed_cost as effective_cost, billed_cost as list_cost
                from range({ROWS}) as rows(row)"""
            )
        build.execute("create table if not exists ops.loads (load_id varchar)")
        build.execute("insert into ops.loads values (?)", [str(generation)])


@pytest.fixture
def paths(tmp_path: Path) -> HomePaths:
    home = HomePaths.at(tmp_path / "home")
    home.build.parent.mkdir(parents=True)
    write(home.warehouse, 1)
    return home


def test_no_reader_fails_and_none_sees_half(paths: HomePaths, tmp_path: Path) -> None:
    stop, results = tmp_path / "stop", tmp_path / "results"
    results.mkdir()
    command = [sys.executable, "-m", "benchmarks.warehouse_reader", paths.warehouse, str(READERS)]
    command += [stop, results, "0.1"]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE) as readers:
        for generation in range(2, PUBLICATIONS + 2):
            build_file.begin(paths, full=False)
            write(paths.build, generation)
            build_file.publish(paths)
            time.sleep(0.2)
        stop.touch()
        _, said = readers.communicate(timeout=60)
    assert readers.returncode == 0, said.decode()
    seen = readings(results)
    assert len(seen) == READERS
    assert [reading.failures for reading in seen] == [[]] * READERS
    assert [reading.torn for reading in seen] == [[]] * READERS
    for reading in seen:
        # the file may change between looking at it and opening it: then it is opened twice
        assert reading.snapshots == sorted(reading.snapshots), "an older one came back"
        assert reading.snapshots[-1] == PUBLICATIONS + 1
        assert len(set(reading.snapshots)) > 2


def look_once(paths: HomePaths, tmp_path: Path) -> Reading:
    (tmp_path / "stop").touch()
    return read_until(paths.warehouse, tmp_path / "stop", 0.0)


def test_a_cent_that_is_missing_is_seen(paths: HomePaths, tmp_path: Path) -> None:
    """The readers can find what they look for."""
    paths.warehouse.unlink()
    write(paths.warehouse, 1, missing_cents=1)
    assert len(look_once(paths, tmp_path).torn) == 1


def test_a_file_written_over_in_place_is_seen(paths: HomePaths, tmp_path: Path) -> None:
    content = paths.warehouse.read_bytes()
    paths.warehouse.write_bytes(content[: len(content) // 2])
    assert len(look_once(paths, tmp_path).failures) == 1

"""What may be removed, out of a published warehouse written by hand."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from empty_lake import LOAD_ID, write_empty_lake

from ingestion.compaction import Superseded
from pipelines.dbt_manifest import project_vars
from pipelines.home import DBT_PROJECT_DIR, HomePaths
from pipelines.upkeep.retention import reason_to_keep_all, superseded

NOW = datetime(2026, 6, 30, tzinfo=UTC)


def load(days_ago: float) -> str:
    """Id of a load so many days before now."""
    return f"{(NOW - timedelta(days=days_ago)).timestamp():.1f}"


def warehouse(
    home: Path,
    files: list[tuple[str, str, str, list[float]]],
    deliveries: list[tuple[str, str, int]] = (),
    runs: list[tuple[str, str]] = (),
) -> HomePaths:
    """A published warehouse.

    Args:
        home: Its home folder.
        files: Source, file, delivery, and how many days ago each version came; the last counts.
        deliveries: Period, delivery and rank.
        runs: Pipeline and load id.
    """
    paths = HomePaths.at(home)
    paths.root.mkdir(exist_ok=True)
    with duckdb.connect(paths.warehouse) as made:
        made.execute("""
            create schema staging; create schema ops; create schema intermediate;
            create table staging.stg_lake__live_files (
                source varchar, file varchar, delivery varchar, load_id varchar);
            create table ops.load_ledger (source varchar, file varchar, load_id varchar);
            create table ops.loads (load_id varchar, pipeline_name varchar);
            create table intermediate.int_billing__deliveries (
                provider_key varchar, billing_account_id varchar, billing_period_start varchar,
                owned_day varchar, delivery varchar, delivery_rank bigint);
        """)
        for source, file, delivery, versions in files:
            live = (source, file, delivery, load(versions[-1]))
            made.execute("insert into staging.stg_lake__live_files values (?, ?, ?, ?)", live)
            for version in versions:
                row = (source, file, load(version))
                made.execute("insert into ops.load_ledger values (?, ?, ?)", row)
        for period, delivery, rank in deliveries:
            row = (period, delivery, rank)
            made.execute(
                "insert into intermediate.int_billing__deliveries "
                "values ('aws', '1', $1, null, $2, $3)",
                row,
            )
        for pipeline, run in runs:
            made.execute("insert into ops.loads values (?, ?)", (run, pipeline))
    return paths


def test_older_versions_go_when_the_newer_is_old_enough(tmp_path):
    paths = warehouse(
        tmp_path,
        [
            # delivered four times, the last 40 days ago
            ("roles", "roles/a.csv", "a", [90, 60, 50, 40]),
            # came back only yesterday
            ("roles", "roles/b.csv", "b", [90, 1]),
            ("prices", "prices/a.csv", "a", [90]),
        ],
    )
    assert superseded(paths, 30, NOW) == {
        "roles": Superseded(frozenset(("roles/a.csv", load(days)) for days in (90, 60, 50)))
    }
    assert superseded(paths, 41, NOW) == {}


def test_a_newer_version_that_could_not_be_read_is_kept_as_long(tmp_path):
    paths = warehouse(tmp_path, [("roles", "roles/a.csv", "a", [2, 60])])
    assert superseded(paths, 30, NOW) == {}
    assert superseded(paths, 1, NOW) == {"roles": Superseded(frozenset([("roles/a.csv", load(2))]))}


MONTH_TO_DATE = [
    ("billing", f"billing/{name}.csv", name, [days])
    for name, days in (("v1", 60), ("v2", 50), ("v3", 45), ("v4", 40))
]


def test_of_billing_deliveries_the_one_that_counts_and_the_one_before_stay(tmp_path):
    ranks = [("2026-05", f"v{number}", 5 - number) for number in (1, 2, 3, 4)]
    paths = warehouse(tmp_path, MONTH_TO_DATE, ranks)
    gone = frozenset([("billing/v1.csv", load(60)), ("billing/v2.csv", load(50))])
    assert superseded(paths, 30, NOW) == {"billing": Superseded(gone)}
    # the newest came 40 days ago: 42 days ago v1 was the one before the last
    assert superseded(paths, 42, NOW) == {}


def test_a_delivery_stays_as_long_as_any_of_its_periods_needs_it(tmp_path):
    ranks = [("2026-05", f"v{number}", 5 - number) for number in (1, 2, 3, 4)]
    ranks += [("2026-04", "v1", 2), ("2026-04", "v3", 1)]
    paths = warehouse(tmp_path, MONTH_TO_DATE, ranks)
    assert superseded(paths, 30, NOW) == {
        "billing": Superseded(frozenset([("billing/v2.csv", load(50))]))
    }


def test_what_counts_of_the_newest_run_alone_goes_with_the_older_runs(tmp_path):
    runs = [("forecasts", load(days)) for days in (90, 60, 20, 1)]
    runs += [("capacity", load(70)), ("rescores", load(80)), ("billing", load(85))]
    found = superseded(warehouse(tmp_path, [], runs=runs), 30, NOW)
    # that of 60 days ago spoke until 20 days ago
    assert set(found.values()) == {Superseded(loads=frozenset([load(90)]))}
    assert set(found) == {
        *("demand_backtests", "demand_bursts", "demand_champions"),
        *("capacity_plans", "capacity_plan_hours", "capacity_backtests"),
    }


@pytest.fixture
def published(tmp_path: Path) -> HomePaths:
    """An empty lake, and a warehouse of exactly its one load and of today's models."""
    write_empty_lake(tmp_path)
    paths = warehouse(tmp_path, [], runs=[("nothing", LOAD_ID)])
    fingerprint = project_vars(DBT_PROJECT_DIR)["project_fingerprint"]
    with duckdb.connect(paths.warehouse) as made:
        made.execute(
            "create table ops.build_info as select $1 as project_fingerprint", [fingerprint]
        )
    return paths


def test_only_a_warehouse_of_all_that_is_there_knows_what_counts(published):
    assert reason_to_keep_all(published) is None
    loads = published.lake / "_dlt_loads"
    (line,) = loads.glob("*.jsonl")
    (loads / "more.jsonl").write_text(line.read_text().replace(LOAD_ID, "1800000000.0"))
    assert "not in the published warehouse" in (reason_to_keep_all(published) or "")


def test_other_models_or_settings_may_count_otherwise(published):
    with duckdb.connect(published.warehouse) as made:
        made.execute("update ops.build_info set project_fingerprint = 'older'")
    assert "have changed" in (reason_to_keep_all(published) or "")


def test_without_a_warehouse_nothing_goes(tmp_path):
    assert "no published warehouse" in (reason_to_keep_all(HomePaths.at(tmp_path)) or "")

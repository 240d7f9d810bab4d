"""Closing billing periods: what is due when, once, and by whom it is started."""

import datetime as dt
import io
from decimal import Decimal
from pathlib import Path

import dagster as dg
import duckdb
import pyarrow.parquet as pq
import pytest

from pipelines.closes import command as close_command
from pipelines.closes import lake as close_lake
from pipelines.closes.assets import billing_closes
from pipelines.closes.lake import CloseRequest
from pipelines.closes.schedule import monthly_close_schedule
from pipelines.errors import UserError
from pipelines.home import HomePaths
from pipelines.resources import HomeResource

PERIODS = """
create schema intermediate; create schema marts; create schema ops;
create table intermediate.int_closes__periods (
    provider_key varchar, billing_account_id varchar, billing_period_start date,
    billing_period_end date, billing_currency varchar, billed_cost decimal(38, 12),
    effective_cost decimal(38, 12), list_cost decimal(38, 12), delivery varchar,
    delivery_load_id varchar, covered_until date, closable_from date, has_final_delivery boolean);
insert into intermediate.int_closes__periods values
    ('aws', '1', '2026-03-01', '2026-04-01', 'USD', 100.000000000001, 90, 120, 'march', '1.5',
        '2026-03-31', '2026-04-06', true),
    ('aws', '1', '2026-03-01', '2026-04-01', 'EUR', 7, 7, 7, 'march', '1.5',
        '2026-03-31', '2026-04-06', true),
    ('openai', '2', '2026-03-01', '2026-04-01', 'USD', 50, 50, 50, 'part', '1.5',
        '2026-03-28', '2026-04-06', false),
    ('aws', '1', '2026-04-01', '2026-05-01', 'USD', 10, 10, 10, 'april', '1.5',
        '2026-04-05', '2026-05-06', false);
"""
MARCH = dt.date(2026, 3, 1)
NOON = dt.datetime(2026, 4, 6, 12)


@pytest.fixture
def paths(tmp_path: Path) -> HomePaths:
    paths = HomePaths.at(tmp_path)
    paths.create()
    for file in (paths.build, paths.warehouse):
        with duckdb.connect(file) as warehouse:
            warehouse.execute(PERIODS)
    close_lake.leave_table(paths.root)
    return paths


def states(paths: HomePaths, day: str, month: dt.date | None = None, anyway: bool = False):
    request = CloseRequest(dt.date.fromisoformat(day), month, anyway)
    rows = close_lake.states(paths.warehouse, paths.root, request).to_pylist()
    return {
        (row["provider_key"], row["billing_period_start"].month, row["billing_currency"]): row[
            "state"
        ]
        for row in rows
    }


def kept(paths: HomePaths) -> list[dict]:
    files = sorted((paths.lake / close_lake.CLOSES).glob("*.parquet"))
    return [row for file in files for row in pq.ParquetFile(file).read().to_pylist()]


def test_a_period_waits_for_its_days_and_its_delivery(paths: HomePaths) -> None:
    early, later = states(paths, "2026-04-05"), states(paths, "2026-04-06")
    assert early["aws", 3, "USD"] == early["aws", 3, "EUR"] == "waits for late charges"
    assert later["aws", 3, "USD"] == later["aws", 3, "EUR"] == "due"
    assert later["openai", 3, "USD"] == "waits for its final delivery"
    assert later["aws", 4, "USD"] == "not over"
    assert set(states(paths, "2026-04-06", MARCH)) == {key for key in later if key[1] == 3}


def test_a_person_does_not_wait_but_a_running_period_does(paths: HomePaths) -> None:
    assert states(paths, "2026-04-01", MARCH, anyway=True)["openai", 3, "USD"] == "due"
    assert states(paths, "2026-03-31", MARCH, anyway=True)["openai", 3, "USD"] == "not over"


def test_a_close_keeps_every_digit_and_is_made_once(paths: HomePaths) -> None:
    request = CloseRequest(NOON.date())
    close_lake.close(close_lake.due(paths.warehouse, paths.root, request), paths.root, NOON)
    usd, eur = sorted(kept(paths), key=lambda row: row["billing_currency"], reverse=True)
    assert usd["billed_cost"] == Decimal("100.000000000001")
    assert (usd["delivery"], usd["delivery_load_id"], usd["closed_at"]) == ("march", "1.5", NOON)
    assert eur["effective_cost"] == 7
    assert states(paths, "2026-04-07")["aws", 3, "USD"] == "closed"
    assert len(close_lake.due(paths.warehouse, paths.root, request)) == 0


def test_a_currency_that_comes_after_the_close_is_not_closed_on_its_own(paths: HomePaths) -> None:
    request = CloseRequest(NOON.date())
    close_lake.close(close_lake.due(paths.warehouse, paths.root, request), paths.root, NOON)
    with duckdb.connect(paths.warehouse) as warehouse:
        warehouse.execute(
            "insert into intermediate.int_closes__periods by name select 'GBP' as billing_currency,"
            " * exclude (billing_currency) from intermediate.int_closes__periods"
            " where billing_currency = 'EUR'"
        )
    assert states(paths, "2026-04-07")["aws", 3, "GBP"] == "closed"


def test_a_load_that_broke_off_has_closed_nothing(paths: HomePaths) -> None:
    request = CloseRequest(NOON.date())
    load_id = close_lake.close(
        close_lake.due(paths.warehouse, paths.root, request), paths.root, NOON
    )
    (done,) = (paths.lake / "_dlt_loads").glob(f"*{load_id}*")
    done.unlink()
    assert states(paths, "2026-04-07")["aws", 3, "USD"] == "due"


def step(paths: HomePaths, config: dict | None = None) -> dg.ExecuteInProcessResult:
    return dg.materialize(
        [billing_closes],
        resources={"home": HomeResource(inputs=str(paths.root), home=str(paths.root))},
        run_config={"ops": {"lake__billing_closes": {"config": config or {}}}},
        raise_on_error=False,
    )


def test_an_ordinary_refresh_closes_nothing(paths: HomePaths) -> None:
    assert step(paths).success
    assert kept(paths) == []


def test_the_step_closes_once(paths: HomePaths) -> None:
    config = {"close": True, "today": "2026-04-06"}
    closed = [
        step(paths, config).asset_materializations_for_node("lake__billing_closes")[0].metadata
        for _ in range(2)
    ]
    assert [metadata["periods_closed"].value for metadata in closed] == [1, 0]
    assert len(kept(paths)) == 2


def test_everything_anyway_is_refused(paths: HomePaths) -> None:
    assert not step(paths, {"close": True, "today": "2026-05-06", "anyway": True}).success
    assert kept(paths) == []
    with pytest.raises(UserError, match="--anyway goes with --period"):
        close_command.close(paths.root, paths, None, True, io.StringIO())


def tick(day: str) -> dg.RunRequest | None:
    at = dt.datetime.fromisoformat(f"{day}T08:00:00+00:00")
    with dg.DagsterInstance.ephemeral() as instance:
        context = dg.build_schedule_context(instance=instance, scheduled_execution_time=at)
        done = monthly_close_schedule.evaluate_tick(context)
    if not done.run_requests:
        assert done.skip_message and "no billing period is due" in done.skip_message
        return None
    (request,) = done.run_requests
    return request


def test_the_schedule_starts_a_close_when_something_is_due(paths, monkeypatch) -> None:
    monkeypatch.setenv("VALUEOPS_HOME", str(paths.root))
    assert tick("2026-04-05") is None
    request = tick("2026-04-06")
    assert request
    closes = request.run_config["ops"]["lake__billing_closes"]["config"]
    assert closes == {"close": True, "today": "2026-04-06"}
    assert request.run_config["ops"]["warehouse"]["config"] == {"go_on": True}
    assert step(paths, closes).success
    assert tick("2026-04-07") is None


def test_a_home_without_a_warehouse_has_nothing_due(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("VALUEOPS_HOME", str(tmp_path / "new"))
    assert tick("2026-04-06") is None


def test_the_command_says_what_was_closed_and_what_is_open(paths, monkeypatch) -> None:
    asked = []

    def refresh(request) -> int:
        asked.append(request)
        assert step(paths, request.close.run_config()).success
        return 0

    monkeypatch.setattr(close_command, "refresh", refresh)
    out = io.StringIO()
    assert close_command.close(paths.root, paths, MARCH, False, out) == 0
    assert asked[0].go_on
    assert out.getvalue().splitlines() == [
        "closed aws 1, period from 2026-03-01: 7.00 EUR billed, by march",
        "closed aws 1, period from 2026-03-01: 100.00 USD billed, by march",
        "open openai 2, period from 2026-03-01: waits for its final delivery, part ends on "
        "2026-03-28; close it all the same: --period 2026-03 --anyway",
    ]
    again = io.StringIO()
    assert close_command.close(paths.root, paths, MARCH, False, again) == 0
    assert not asked[1].go_on
    assert "closed" not in again.getvalue()
    with pytest.raises(UserError, match="no billing period begins in 2024-01"):
        close_command.close(paths.root, paths, dt.date(2024, 1, 1), False, io.StringIO())

"""Thirty days of deliveries, one by one, with what goes wrong in a month: `make soak`.

A source that cannot be read, a bill with a new column, a refresh that is killed, a full disk, a day
restated, a day of telemetry delivered again, a close and a credit after it. In the end every mart
holds, row by row, what one refresh of the same files gives.

Deliveries go through Dagster's daemon: queue, code location, a process per run. The home's disk
fills up while it is down; after the kill its own sensor has to free the queue.

VALUEOPS_SOAK_EVERY=5 refreshes every fifth day only; telemetry is ingested daily all the same.
"""

import datetime as dt
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import dagster as dg
import duckdb
import pytest
from dagster_server import ask, dagster, free_port, wait_for_end
from soak_company import (
    DAYS,
    RESTATED_FROM,
    deliver_bill,
    deliver_catalogs,
    deliver_day,
    deliver_late_samples,
)

from pipelines.closes.lake import CloseRequest
from pipelines.definitions import build_definitions
from pipelines.home import HomePaths
from pipelines.refresh import RefreshRequest
from pipelines.refresh_run import run_refresh
from pipelines.resources import HomeResource
from pipelines.stale_runs import close_stale_runs

EVERY = int(os.environ.get("VALUEOPS_SOAK_EVERY", "5"))
BROKEN_SOURCE_ON, KILLED_ON, FULL_DISK_ON = 8, 15, 18
CLOSED_ON = dt.date(2025, 5, 6)
DISK_MIB, LEFT_MIB = 2048, 2
LAUNCH = """
mutation($job: String!) {
  launchRun(executionParams: {
    selector: {repositoryLocationName: "valueops", repositoryName: "__repository__", jobName: $job}
  }) {
    __typename
    ... on LaunchRunSuccess {run {runId}}
    ... on PythonError {message}
  }
}
"""
COMMAND = [sys.executable, "-c", "from pipelines.cli import app; app()", "refresh"]
# What a month of deliveries has and one delivery has not: how often each file came, the close, and
# how the forecasts of days gone by did.
OF_THE_WAY = {
    *("loads", "load_ledger", "source_freshness"),
    "fct_billing_closes",
    *("fct_forecast_review_hourly", "fct_forecast_review_weekly"),
}


class House:
    """A home with its inputs, and what starts runs of it: the daemon, and the command."""

    def __init__(self, inputs: Path, home: Path) -> None:
        self.inputs, self.paths = inputs, HomePaths.at(home)
        self.paths.create()
        self.request = RefreshRequest(inputs, self.paths)
        self.web = 0

    def instance(self) -> dg.DagsterInstance:
        return dg.DagsterInstance.from_config(str(self.paths.dagster))

    def resource(self) -> HomeResource:
        return HomeResource(inputs=str(self.inputs), home=str(self.paths.root))

    @contextmanager
    def daemon(self, logs: Path) -> Iterator[None]:
        """Dagster's three processes, as long as the block lasts."""
        logs.mkdir(exist_ok=True)
        env = os.environ | {
            "VALUEOPS_INPUTS": str(self.inputs),
            "VALUEOPS_HOME": str(self.paths.root),
            "DAGSTER_HOME": str(self.paths.dagster),
            "VALUEOPS_CODE_HOST": "127.0.0.1",
            "VALUEOPS_CODE_PORT": str(free_port()),
        }
        with dagster(env, logs) as self.web:
            yield

    def run(self, job: str) -> str:
        """A job through the daemon's queue; the status it ends with."""
        launched = ask(self.web, LAUNCH, job=job)["launchRun"]
        assert launched["__typename"] == "LaunchRunSuccess", launched
        return wait_for_end(self.web, launched["run"]["runId"], 1800)

    def refresh(self, request: RefreshRequest | None = None) -> tuple[int, str | None]:
        with self.instance() as instance:
            close_stale_runs(instance, self.paths)
            outcome = run_refresh(request or self.request, instance)
        return outcome.exit_code, outcome.error or ", ".join(outcome.failed_names) or None

    def command(self, **options: object) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*COMMAND, "--inputs", str(self.inputs), "--home", str(self.paths.root)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            **options,
        )

    def published(self) -> tuple[int, int]:
        status = self.paths.warehouse.stat()
        return status.st_ino, status.st_mtime_ns

    def rows(self, query: str) -> list[tuple]:
        with duckdb.connect(self.paths.warehouse, read_only=True) as warehouse:
            return warehouse.execute(query).fetchall()


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path | None]:
    """A small disk of its own for the home, where this process may mount one."""
    folder = tmp_path_factory.mktemp("disk")
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MIB}m", "tmpfs", str(folder)]
    is_mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    yield folder if is_mounted else None
    if is_mounted:
        subprocess.run(["umount", str(folder)], check=True)


def killed_on_the_way(house: House) -> None:
    """The whole process group of a refresh is killed while dbt builds."""
    assert not house.paths.build.exists()
    process = house.command()
    until = time.monotonic() + 300
    while not house.paths.build.exists() and time.monotonic() < until:
        time.sleep(0.2)
    time.sleep(3)
    assert process.poll() is None
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL


@contextmanager
def nothing_left(disk: Path) -> Iterator[None]:
    """The disk but for a little is taken by somebody else's file."""
    taken = disk / "somebody-elses"
    free_mib = shutil.disk_usage(disk).free >> 20
    with taken.open("wb") as file:
        for _ in range(free_mib - LEFT_MIB):
            file.write(bytes(1 << 20))
    try:
        yield
    finally:
        taken.unlink()


def full_disk(house: House, disk: Path | None) -> None:
    """One line says so, and the published warehouse stands."""
    if disk:
        with nothing_left(disk):
            process = house.command()
            said = process.communicate(timeout=900)[1]
    else:
        # No disk to fill: no file may grow beyond what the warehouse needs.
        limit = 2 << 20
        process = house.command(
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        )
        said = process.communicate(timeout=900)[1]
    assert process.returncode == 1, said
    assert said.count("\n") == 1 and "Traceback" not in said, said


def bad_day(house: House, day: int, disk: Path | None) -> None:
    """What goes wrong on a day; each time the published warehouse stands as it was."""
    before = house.published()
    if day == BROKEN_SOURCE_ON:
        (house.inputs / "evaluations").write_text("not a folder")
        code, error = house.refresh()
        assert code == 1 and error and "is a file" in error
        (house.inputs / "evaluations").unlink()
    elif day == KILLED_ON:
        killed_on_the_way(house)
    elif day == FULL_DISK_ON:
        full_disk(house, disk)
    assert house.published() == before


def live_a_day(house: House, day: int) -> None:
    """Deliveries, what goes wrong, and the runs that the daemon makes of it."""
    deliver_day(house.inputs, day)
    if day == RESTATED_FROM:
        deliver_late_samples(house.inputs)
    assert house.run("ingest") == "SUCCESS"
    goes_wrong = day in (BROKEN_SOURCE_ON, KILLED_ON)
    if goes_wrong:
        bad_day(house, day, None)
    if day % EVERY == 0 or day == 1 or goes_wrong:
        assert house.run("refresh") == "SUCCESS"


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory, disk: Path | None) -> House:
    """The home that has lived through the month."""
    root = tmp_path_factory.mktemp("month")
    house = House(root / "inputs", (disk or root) / "home")
    deliver_catalogs(house.inputs)
    for days in (
        range(1, FULL_DISK_ON),
        range(FULL_DISK_ON, FULL_DISK_ON + 1),
        range(FULL_DISK_ON + 1, DAYS + 1),
    ):
        with house.daemon(root / "logs"):
            for day in days:
                live_a_day(house, day)
        if FULL_DISK_ON in days:
            bad_day(house, FULL_DISK_ON, disk)
    close = CloseRequest(CLOSED_ON)
    asked = RefreshRequest(house.inputs, house.paths, close=close, go_on=True)
    assert house.refresh(asked) == (0, None)
    assert house.refresh(asked) == (0, None)
    deliver_bill(house.inputs, DAYS + 1, credit="-5.000000000001")
    assert house.refresh() == (0, None)
    # Champions are held between trainings: the clean run trains, so this one does.
    with house.instance() as instance, pytest.MonkeyPatch.context() as environment:
        environment.setenv("VALUEOPS_INPUTS", str(house.inputs))
        environment.setenv("VALUEOPS_HOME", str(house.paths.root))
        job = build_definitions().resolve_job_def("retrain_forecasts")
        done = job.execute_in_process(instance=instance, resources={"home": house.resource()})
        assert done.success
    return house


@pytest.fixture(scope="module")
def clean(grown: House, tmp_path_factory: pytest.TempPathFactory) -> House:
    """A new home, and one refresh of the files as they lie there in the end."""
    house = House(grown.inputs, tmp_path_factory.mktemp("clean") / "home")
    assert house.refresh() == (0, None)
    return house


def test_every_row_of_every_mart_is_that_of_one_clean_run(grown: House, clean: House) -> None:
    with duckdb.connect() as both:
        for name, house in (("grown", grown), ("clean", clean)):
            both.execute(f"attach '{house.paths.warehouse}' as {name} (read_only)")
        tables = both.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = 'clean'"
            " and schema_name in ('marts', 'ops') order by all"
        ).fetchall()
        assert len(tables) > 30
        different = {}
        for schema, table in tables:
            if table in OF_THE_WAY:
                continue
            (rows,) = both.execute(
                f"select (select count(*) from (from grown.{schema}.{table} except all"
                f" from clean.{schema}.{table})) + (select count(*) from (from"
                f" clean.{schema}.{table} except all from grown.{schema}.{table}))"
            ).fetchone()
            if rows:
                different[table] = rows
    assert different == {}


def test_the_credit_after_the_close_is_what_differs_from_it(grown: House) -> None:
    rows = grown.rows(
        "select provider_key, closed_delivery, current_delivery, restated_billed_cost"
        " from marts.fct_billing_closes order by all"
    )
    assert rows == [
        ("aws", "april-30.csv", "april-31.csv", Decimal("-5.000000000001")),
        ("openai", "april-30.csv", "april-31.csv", Decimal(0)),
    ]


def test_no_run_is_left_open(grown: House) -> None:
    with grown.instance() as instance:
        open_runs = instance.get_runs(
            dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.STARTING])
        )
    assert open_runs == []

"""A run of the daemon meets the lock of a command, in two processes."""

import subprocess
import sys
import time
from pathlib import Path

import dagster as dg
import pytest

from pipelines.home import HomePaths
from pipelines.lock import is_alive, refresh_lock
from pipelines.stale_runs import close_stale_runs

# What the daemon starts: a process with one run, on the home's instance.
RUN = """
import sys
import dagster as dg
from pipelines.home import HomePaths
from pipelines.resources import HomeResource

@dg.asset
def work(home: HomeResource) -> None:
    pass

paths = HomePaths.at(sys.argv[1])
home = HomeResource(inputs=sys.argv[1], home=sys.argv[1], lock_wait_s=float(sys.argv[2]))
with dg.DagsterInstance.from_config(str(paths.dagster)) as instance:
    done = dg.materialize([work], instance=instance, resources={"home": home}, raise_on_error=False)
    sys.exit(0 if done.success else 1)
"""


@pytest.fixture
def paths(tmp_path: Path) -> HomePaths:
    paths = HomePaths.at(tmp_path)
    paths.create()
    return paths


def start(paths: HomePaths, wait_s: float) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", RUN, str(paths.root), str(wait_s)],
        stderr=subprocess.PIPE,
        text=True,
    )


def started_run(instance: dg.DagsterInstance, paths: HomePaths) -> dg.DagsterRun:
    """The run that waits, as soon as it says so."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        for run in instance.get_runs():
            if is_alive(paths.alive_mark(run.run_id)):
                return run
        time.sleep(0.2)
    raise AssertionError("no run has started")


def test_a_run_waits_is_not_taken_for_dead_and_goes_on(paths: HomePaths) -> None:
    with dg.DagsterInstance.from_config(str(paths.dagster)) as instance:
        with refresh_lock(paths.lock):
            process = start(paths, wait_s=60)
            run = started_run(instance, paths)
            waiting = instance.get_run_by_id(run.run_id)
            assert waiting and waiting.status is dg.DagsterRunStatus.STARTED
            assert close_stale_runs(instance, paths) == 0
        assert process.wait(timeout=60) == 0
        done = instance.get_run_by_id(run.run_id)
        assert done and done.status is dg.DagsterRunStatus.SUCCESS
    assert list((paths.dagster / "alive").iterdir()) == []


def test_a_run_that_has_waited_long_enough_fails_with_the_one_line(paths: HomePaths) -> None:
    with dg.DagsterInstance.from_config(str(paths.dagster)) as instance:
        with refresh_lock(paths.lock):
            process = start(paths, wait_s=0.5)
            assert process.wait(timeout=60) == 1
        (run,) = instance.get_runs()
        assert run.status is dg.DagsterRunStatus.FAILURE
        # The daemon starts it anew: a later try may find the lock free.
        assert run.tags["dagster/will_retry"] == "true"
        errors = [
            str(event.dagster_event.event_specific_data)
            for event in instance.all_logs(run.run_id)
            if event.dagster_event and event.dagster_event.is_failure
        ]
        assert any("is being refreshed by process" in error for error in errors)


def test_a_killed_run_is_closed_by_the_next_command(paths: HomePaths) -> None:
    with dg.DagsterInstance.from_config(str(paths.dagster)) as instance:
        with refresh_lock(paths.lock):
            process = start(paths, wait_s=60)
            run = started_run(instance, paths)
            process.kill()
            process.wait()
            assert close_stale_runs(instance, paths) == 1
        closed = instance.get_run_by_id(run.run_id)
        assert closed and closed.status is dg.DagsterRunStatus.FAILURE

"""A killed run holds up nobody."""

import subprocess
import sys
from pathlib import Path

import dagster as dg

from pipelines.dead_run_sensor import dead_runs
from pipelines.home import HomePaths
from pipelines.lock import alive
from pipelines.stale_runs import close_forgotten_runs, close_stale_runs


def test_a_killed_run_is_closed_and_its_slot_is_free(tmp_path: Path) -> None:
    paths = HomePaths.at(tmp_path)
    paths.create()
    with dg.DagsterInstance.from_config(str(paths.dagster)) as instance:
        storage = instance.event_log_storage

        @dg.op(pool="build_file")
        def work() -> None:
            pass

        @dg.job
        def refresh() -> None:
            work()

        run = instance.create_run_for_job(refresh, status=dg.DagsterRunStatus.STARTED)
        storage.initialize_concurrency_limit_to_default("build_file")
        assert storage.claim_concurrency_slot("build_file", run.run_id, "work").is_claimed
        assert not storage.claim_concurrency_slot("build_file", "next", "work").is_claimed

        assert close_stale_runs(instance, paths) == 1
        closed = instance.get_run_by_id(run.run_id)
        assert closed and closed.status == dg.DagsterRunStatus.FAILURE
        assert storage.claim_concurrency_slot("build_file", "next", "work").is_claimed
        assert close_stale_runs(instance, paths) == 0


def test_a_daemon_closes_old_runs_without_a_mark_and_no_others(tmp_path: Path) -> None:
    paths = HomePaths.at(tmp_path)
    paths.create()

    @dg.job
    def refresh() -> None:
        pass

    with dg.DagsterInstance.from_config(str(paths.dagster)) as instance:

        def status(run: dg.DagsterRun) -> dg.DagsterRunStatus:
            found = instance.get_run_by_id(run.run_id)
            assert found
            return found.status

        dead, living = (instance.create_run_for_job(refresh) for _ in range(2))
        for run in (dead, living):
            event = dg.DagsterEvent(dg.DagsterEventType.RUN_START.value, run.job_name)
            instance.report_dagster_event(event, run.run_id)
        with alive(paths.alive_mark(living.run_id)):
            # both began a moment ago: they may not have their marks yet
            assert close_forgotten_runs(instance, paths) == 0
            # somebody is at work
            work = "import sys, time; from pathlib import Path; from pipelines.lock import *\n"
            work += "with refresh_lock(Path(sys.argv[1])): print('held', flush=True); input()"
            holder = subprocess.Popen(
                [sys.executable, "-c", work, paths.lock],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            assert holder.stdout and holder.stdout.readline() == "held\n"
            assert close_forgotten_runs(instance, paths, min_age_s=0) == 0
            holder.communicate("\n")
            assert close_forgotten_runs(instance, paths, min_age_s=0) == 1
            assert status(dead) == dg.DagsterRunStatus.FAILURE
            assert status(living) == dg.DagsterRunStatus.STARTED


def test_the_sensor_of_dead_runs_is_on_and_starts_nothing(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("VALUEOPS_HOME", str(tmp_path / "home"))
    assert dead_runs.default_status is dg.DefaultSensorStatus.RUNNING
    with dg.DagsterInstance.ephemeral() as instance:
        said = dead_runs(dg.build_sensor_context(instance))
    assert isinstance(said, dg.SkipReason)

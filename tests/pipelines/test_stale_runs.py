"""A killed run holds up nobody."""

from pathlib import Path

import dagster as dg

from pipelines.home import HomePaths
from pipelines.stale_runs import close_stale_runs


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

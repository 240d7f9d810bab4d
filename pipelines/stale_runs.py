"""Runs of which the process is gone: closed, so that they hold up nobody."""

import dagster as dg

from pipelines.home import HomePaths
from pipelines.lock import is_alive


def close_stale_runs(instance: dg.DagsterInstance, paths: HomePaths) -> int:
    """Marks runs that a killed process left behind as failed and frees their pool slots.

    Call it only with the home's lock held: whoever holds it knows that no other run of this home
    is at work. One that waits for the lock, or needs none, holds its mark and is left alone.
    Without this, the slot of a killed run would make the next one wait forever.

    Args:
        instance: The home's Dagster instance.
        paths: The home folder, where living runs leave their mark.

    Returns:
        How many runs were closed.
    """
    started = instance.get_runs(dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED]))
    stale = [run for run in started if not is_alive(paths.alive_mark(run.run_id))]
    for run in stale:
        paths.alive_mark(run.run_id).unlink(missing_ok=True)
        instance.report_run_failed(run, message="the process of this run has ended")
        instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)
    return len(stale)

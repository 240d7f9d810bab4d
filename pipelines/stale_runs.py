"""Runs of which the process is gone: closed, so that they hold up nobody."""

import time

import dagster as dg

from pipelines.errors import HomeLockedError
from pipelines.home import HomePaths
from pipelines.lock import is_alive, refresh_lock

# From its first event a run takes moments until it holds its mark.
_YOUNG_S = 300.0


def close_stale_runs(instance: dg.DagsterInstance, paths: HomePaths, min_age_s: float = 0.0) -> int:
    """Marks runs that a killed process left behind as failed and frees their pool slots.

    Call it only with the home's lock held: whoever holds it knows that no other run of this home
    is at work. One that waits for the lock, or needs none, holds its mark and is left alone.
    Without this, the slot of a killed run would make the next one wait forever.

    Args:
        instance: The home's Dagster instance.
        paths: The home folder, where living runs leave their mark.
        min_age_s: Runs that began later than so many seconds ago are left alone.

    Returns:
        How many runs were closed.
    """
    stale = _without_mark(instance, paths, min_age_s)
    for run in stale:
        paths.alive_mark(run.run_id).unlink(missing_ok=True)
        instance.report_run_failed(run, message="the process of this run has ended")
        instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)
    return len(stale)


def close_forgotten_runs(
    instance: dg.DagsterInstance, paths: HomePaths, min_age_s: float = _YOUNG_S
) -> int:
    """`close_stale_runs` for a daemon, which holds no lock: not while anybody is at work.

    Args:
        instance: As there.
        paths: As there; the home may not exist yet.
        min_age_s: As there.

    Returns:
        How many runs were closed.
    """
    if not paths.lock.parent.exists() or not _without_mark(instance, paths, min_age_s):
        return 0
    try:
        with refresh_lock(paths.lock):
            return close_stale_runs(instance, paths, min_age_s)
    except HomeLockedError:
        return 0


def _without_mark(
    instance: dg.DagsterInstance, paths: HomePaths, min_age_s: float
) -> list[dg.DagsterRun]:
    began_before = time.time() - min_age_s
    started = instance.get_run_records(dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED]))
    return [
        record.dagster_run
        for record in started
        if (record.start_time or 0.0) <= began_before
        and not is_alive(paths.alive_mark(record.dagster_run.run_id))
    ]

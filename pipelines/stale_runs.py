"""Runs of which the process is gone: closed, so that they hold up nobody."""

import dagster as dg


def close_stale_runs(instance: dg.DagsterInstance) -> int:
    """Marks runs that a killed process left behind as failed and frees their pool slots.

    Call it only with the home's lock held: whoever holds it knows that no other run of this home
    is alive. Without this, the slot of a killed run would make the next one wait forever.

    Args:
        instance: The home's Dagster instance.

    Returns:
        How many runs were closed.
    """
    stale = instance.get_runs(dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED]))
    for run in stale:
        instance.report_run_failed(run, message="the process of this run has ended")
        instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)
    return len(stale)

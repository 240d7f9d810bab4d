"""Runs of a killed process are closed while nobody looks, so that the queue goes on."""

import dagster as dg

from pipelines.resources import configured_home
from pipelines.stale_runs import close_forgotten_runs

_EVERY_S = 60


@dg.sensor(
    name="dead_runs",
    minimum_interval_seconds=_EVERY_S,
    # It starts nothing: the queue of a daemon that is up shall never wait for a dead run.
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Closes runs whose process was killed, which would hold up every run after them.",
)
def dead_runs(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    """Looks at the marks that living runs hold."""
    paths = configured_home()
    closed = close_forgotten_runs(context.instance, paths)
    return dg.SkipReason(f"{closed} closed" if closed else "no run is dead")

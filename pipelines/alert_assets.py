"""Alerts in Dagster: messages after each publication, and of runs that a check has stopped."""

from collections.abc import Sequence
from typing import Any

import dagster as dg

from pipelines.alerts.command import in_words
from pipelines.alerts.send import after_blocking, after_publishing, send_due
from pipelines.errors import UserError
from pipelines.job_tags import OWNED, limits
from pipelines.lock import alive
from pipelines.outcome import failed_checks
from pipelines.progress import NOTICE
from pipelines.publish import PUBLISHED_KEY
from pipelines.resources import HomeResource, configured_home
from pipelines.translator import DEFAULT_OWNER

ALERTS_KEY = dg.AssetKey(["alert_messages"])


@dg.asset(
    key=ALERTS_KEY,
    deps=[PUBLISHED_KEY],
    group_name="alerts",
    kinds={"python"},
    owners=[DEFAULT_OWNER],
    description="What of `fct_alerts` nobody has been told yet, to Slack and by mail.",
)
def alert_messages(context: dg.AssetExecutionContext, home: HomeResource) -> dg.MaterializeResult:
    """Tells what is new; a receiver that fails is tried next time, and fails nothing."""
    try:
        sent = after_publishing(home.paths)
    except (UserError, OSError) as error:
        context.log.warning(f"no alerts were sent: {error}", extra=NOTICE)
        return dg.MaterializeResult(metadata={"messages": 0, "problem": str(error)})
    for problem in sent.problems:
        context.log.warning(f"alerts: {problem}", extra=NOTICE)
    if sent.messages:
        context.log.info(in_words(sent), extra=NOTICE)
    return dg.MaterializeResult(
        metadata={
            "open": sent.open_events,
            "messages": sent.messages,
            "receivers": ", ".join(sent.receivers) or "none configured",
            "problem": "; ".join(sent.problems) or "none",
        }
    )


@dg.op(description="Sends what is due in the published warehouse, and what blocks the next one.")
def send_due_alerts(context: dg.OpExecutionContext) -> None:
    """Fails where a receiver does, so that the run shows it."""
    paths = configured_home()
    # It takes no lock, and whoever does must not take it for a dead run.
    with alive(paths.alive_mark(context.run_id)):
        sent = send_due(paths)
    context.log.info(in_words(sent))
    if sent.problems:
        raise dg.Failure("; ".join(sent.problems))


@dg.job(
    description="What is due without a refresh: receivers back again, silences that are over.",
    executor_def=dg.in_process_executor,
    tags=OWNED,
    run_tags=limits(hours=1),
)
def send_alerts() -> None:
    """One step."""
    send_due_alerts()


def blocked_refresh_sensor(jobs: Sequence[Any]) -> dg.SensorDefinition:
    """Tells of runs that a blocking check has stopped; runs that broke are Dagster's to show.

    Args:
        jobs: Those that publish.
    """

    @dg.run_failure_sensor(
        name="blocked_refresh",
        monitored_jobs=list(jobs),
        minimum_interval_seconds=60,
        description="Sends an alert for each blocking check that stopped a publication.",
    )
    def blocked_refresh(context: dg.RunFailureSensorContext) -> None:
        logs = context.instance.all_logs(context.dagster_run.run_id)
        checks = failed_checks([log.dagster_event for log in logs if log.dagster_event])
        if checks:
            for problem in after_blocking(configured_home(), checks).problems:
                context.log.warning(f"alerts: {problem}")

    return blocked_refresh

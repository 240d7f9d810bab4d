"""Subscriptions in Dagster: a job, and the week's schedule."""

import dagster as dg

from pipelines.errors import UserError
from pipelines.job_tags import OWNED, limits
from pipelines.lock import alive
from pipelines.resources import configured_home


@dg.op(description="Renders the published warehouse and delivers to every subscription.")
def deliver_subscriptions(context: dg.OpExecutionContext) -> None:
    """Fails where a delivery does, after all others were made."""
    from pipelines.subscriptions.command import send_all
    from pipelines.subscriptions.settings import read_subscriptions

    paths = configured_home()
    try:
        # It takes no lock, and whoever does must not take it for a dead run.
        with alive(paths.alive_mark(context.run_id)):
            deliveries = send_all(paths, read_subscriptions())
    except UserError as error:
        raise dg.Failure(str(error)) from error
    for delivery in deliveries:
        for line in delivery.done:
            context.log.info(f"{delivery.name}: {line}")
    problems = [f"{each.name}: {problem}" for each in deliveries for problem in each.problems]
    if problems:
        raise dg.Failure("; ".join(problems))


@dg.job(
    description="The weekly value review and the other reports, to whoever subscribed.",
    executor_def=dg.in_process_executor,
    tags=OWNED,
    run_tags=limits(hours=2),
)
def send_subscriptions() -> None:
    """One step."""
    deliver_subscriptions()


# Starts stopped, as the others do.
weekly_subscriptions = dg.ScheduleDefinition(
    name="weekly_subscriptions",
    job=send_subscriptions,
    cron_schedule="0 7 * * 1",
    description="Reports for the week's meeting, to whoever subscribed.",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.STOPPED,
)

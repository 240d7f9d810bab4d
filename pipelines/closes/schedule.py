"""When the monthly close runs: on the first day that something is due."""

import dagster as dg

from pipelines.closes.lake import CloseRequest, due
from pipelines.jobs import monthly_close
from pipelines.refresh import CLOSE_OP
from pipelines.resources import configured_home


# Every day, after the refresh: a final delivery comes when it comes, and a tick with nothing due
# starts nothing.
@dg.schedule(
    name="monthly_close",
    job=monthly_close,
    cron_schedule="0 8 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.STOPPED,
    description="Every day at 08:00 UTC: closes billing periods whose final delivery has arrived.",
)
def monthly_close_schedule(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Starts a close where the published warehouse has a period that is due."""
    paths = configured_home()
    request = CloseRequest(today=context.scheduled_execution_time.date())
    rows = due(paths.warehouse, paths.root, request)
    if not len(rows):
        return dg.SkipReason("no billing period is due: open ones wait for days or a delivery")
    return dg.RunRequest(
        run_config={
            "ops": {
                "warehouse": {"config": {"go_on": True}},
                CLOSE_OP: {"config": request.run_config()},
            }
        }
    )

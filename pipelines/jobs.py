"""The one job, and when it runs."""

import dagster as dg

REFRESH_JOB = "refresh"

refresh = dg.define_asset_job(
    REFRESH_JOB,
    selection=dg.AssetSelection.all(),
    description="Deliveries to published warehouse and reports: what `valueops refresh` runs.",
)

# Starts stopped: a laptop that opens `valueops dev` shall not refresh overnight unasked.
daily_refresh = dg.ScheduleDefinition(
    name="daily_refresh",
    job=refresh,
    cron_schedule="0 6 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.STOPPED,
)

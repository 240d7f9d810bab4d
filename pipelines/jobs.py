"""The jobs, and when they run."""

import dagster as dg

REFRESH_JOB = "refresh"

refresh = dg.define_asset_job(
    REFRESH_JOB,
    selection=dg.AssetSelection.all(),
    description="Deliveries to published warehouse and reports: what `valueops refresh` runs.",
)

retrain_forecasts = dg.define_asset_job(
    "retrain_forecasts",
    selection=dg.AssetSelection.all(),
    description="A refresh that chooses every series' forecasting model anew.",
    config={
        "ops": {
            "warehouse": {"config": {"go_on": True}},
            "forecasts": {"config": {"retrain": True}},
        }
    },
)

# Starts stopped: a laptop that opens `valueops dev` shall not refresh overnight unasked.
daily_refresh = dg.ScheduleDefinition(
    name="daily_refresh",
    job=refresh,
    cron_schedule="0 6 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.STOPPED,
)

weekly_retraining = dg.ScheduleDefinition(
    name="weekly_retraining",
    job=retrain_forecasts,
    cron_schedule="0 3 * * 1",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.STOPPED,
)

"""The jobs, and when they run."""

import dagster as dg

from pipelines.alert_assets import send_alerts
from pipelines.rescore_assets import RESCORES_KEY

REFRESH_JOB = "refresh"
# Past cutoffs are scored when somebody asks.
_EVERY_REFRESH = dg.AssetSelection.all() - dg.AssetSelection.assets(RESCORES_KEY)

refresh = dg.define_asset_job(
    REFRESH_JOB,
    selection=_EVERY_REFRESH,
    description="Deliveries to published warehouse and reports: what `valueops refresh` runs.",
)

retrain_forecasts = dg.define_asset_job(
    "retrain_forecasts",
    selection=_EVERY_REFRESH,
    description="A refresh that chooses every series' forecasting model anew.",
    config={
        "ops": {
            "warehouse": {"config": {"go_on": True}},
            "forecasts": {"config": {"retrain": True}},
        }
    },
)

rescore_forecasts = dg.define_asset_job(
    "rescore_forecasts",
    selection=dg.AssetSelection.assets(RESCORES_KEY),
    description="How today's models would have done at a past hour; the next refresh shows it.",
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

hourly_alerts = dg.ScheduleDefinition(
    name="hourly_alerts",
    job=send_alerts,
    cron_schedule="30 * * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.STOPPED,
)

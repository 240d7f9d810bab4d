"""The jobs, and when they run."""

import dagster as dg

from pipelines.alert_assets import send_alerts
from pipelines.forecasting.rescore import RESCORES_KEY
from pipelines.ingestion_assets import LEDGER_KEY, LOADS_KEY, QUARANTINE_KEY, table_key
from pipelines.job_tags import OWNED, limits
from pipelines.refresh import CLOSE_OP

REFRESH_JOB = "refresh"
# Of the assets made when somebody asks: scores of past cutoffs, days built again.
REBUILT_KEY = dg.AssetKey(["rebuilt_days"])
_EVERY_REFRESH = dg.AssetSelection.all() - dg.AssetSelection.assets(RESCORES_KEY, REBUILT_KEY)
# What machines write all day long; bills, prices and budgets come with the daily refresh.
_HOURLY_TABLES = ("gpu_metrics", "gpu_jobs", "llm_requests")

refresh = dg.define_asset_job(
    REFRESH_JOB,
    selection=_EVERY_REFRESH,
    description="Deliveries to published warehouse and reports: what `valueops refresh` runs.",
    tags=OWNED,
    run_tags=limits(hours=6),
)

ingest = dg.define_asset_job(
    "ingest",
    selection=dg.AssetSelection.assets(
        *map(table_key, _HOURLY_TABLES), LEDGER_KEY, QUARANTINE_KEY, LOADS_KEY
    ),
    description="New telemetry and usage into the lake; the warehouse waits for the next refresh.",
    tags=OWNED,
    run_tags=limits(hours=1),
)

retrain_forecasts = dg.define_asset_job(
    "retrain_forecasts",
    selection=_EVERY_REFRESH,
    description="A refresh that chooses every series' forecasting model anew.",
    tags=OWNED,
    run_tags=limits(hours=12),
    config={
        "ops": {
            "warehouse": {"config": {"go_on": True}},
            "forecasts": {"config": {"retrain": True}},
        }
    },
)

rebuild_days = dg.define_asset_job(
    "rebuild_days",
    selection=dg.AssetSelection.assets(REBUILT_KEY),
    description="One day, or a range as a backfill in one run, built again and published.",
    tags=OWNED,
    run_tags=limits(hours=12),
)

rescore_forecasts = dg.define_asset_job(
    "rescore_forecasts",
    selection=dg.AssetSelection.assets(RESCORES_KEY),
    description="How today's models would have done at a past hour; the next refresh shows it.",
    tags=OWNED,
    run_tags=limits(hours=6),
)

monthly_close = dg.define_asset_job(
    "monthly_close",
    selection=_EVERY_REFRESH,
    description="A refresh that closes the billing periods that are due, as `valueops close`.",
    tags=OWNED,
    run_tags=limits(hours=6),
    config={
        "ops": {
            "warehouse": {"config": {"go_on": True}},
            CLOSE_OP: {"config": {"close": True}},
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
    description="Every day at 06:00 UTC: what has arrived, published.",
)

# Not on the hour, where the refresh begins.
hourly_ingest = dg.ScheduleDefinition(
    name="hourly_ingest",
    job=ingest,
    cron_schedule="20 * * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.STOPPED,
    description="Every hour at 20 past: telemetry and usage into the lake.",
)

weekly_retraining = dg.ScheduleDefinition(
    name="weekly_retraining",
    job=retrain_forecasts,
    cron_schedule="0 3 * * 1",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.STOPPED,
    description="Mondays at 03:00 UTC: every series' forecasting model chosen anew.",
)

hourly_alerts = dg.ScheduleDefinition(
    name="hourly_alerts",
    job=send_alerts,
    cron_schedule="30 * * * *",
    description="Tells what a receiver missed, and what is open when a silence is over.",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.STOPPED,
)

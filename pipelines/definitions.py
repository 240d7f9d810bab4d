"""Everything Dagster shall know, in one place."""

from pathlib import Path

import dagster as dg

from pipelines.alert_assets import alert_messages, blocked_refresh_sensor
from pipelines.capacity.assets import capacity_plan
from pipelines.closes.assets import billing_closes
from pipelines.closes.schedule import monthly_close_schedule
from pipelines.dbt_assets import dbt_steps
from pipelines.dbt_manifest import DBT_EXECUTABLE, prepared_project
from pipelines.dead_run_sensor import dead_runs
from pipelines.delivery_sensor import new_deliveries
from pipelines.forecasting.assets import demand_forecasts
from pipelines.forecasting.rescore import demand_rescores
from pipelines.home import DBT_PROJECT_DIR
from pipelines.ingestion_assets import ingestion_assets
from pipelines.jobs import (
    daily_refresh,
    hourly_alerts,
    hourly_ingest,
    ingest,
    monthly_close,
    rebuild_days,
    refresh,
    rescore_forecasts,
    retrain_forecasts,
    send_alerts,
    weekly_retraining,
)
from pipelines.progress import progress_logger
from pipelines.publish import publish_asset
from pipelines.rebuild_assets import rebuilt_days
from pipelines.report_assets import page_reports
from pipelines.resources import DbtResource, HomeResource
from pipelines.roles.assets import role_files
from pipelines.subscription_jobs import send_subscriptions, weekly_subscriptions
from pipelines.upkeep.job import compact_lake, weekly_compaction

# A run of the daemon meets the command's lock: most refreshes are over within this time.
_LOCK_WAIT_S = 900.0


def build_definitions(dbt_project_dir: Path = DBT_PROJECT_DIR) -> dg.Definitions:
    """The whole way through the house.

    Args:
        dbt_project_dir: The dbt project; its manifest is brought up to date.

    Raises:
        RuntimeError: dbt cannot parse the project.
    """
    project = prepared_project(dbt_project_dir)
    steps = dbt_steps(project)
    return dg.Definitions(
        assets=[
            *ingestion_assets(),
            *steps,
            demand_forecasts,
            demand_rescores,
            rebuilt_days,
            capacity_plan,
            billing_closes,
            publish_asset(key for step in steps for key in step.keys),
            role_files,
            page_reports,
            alert_messages,
        ],
        jobs=[
            refresh,
            ingest,
            retrain_forecasts,
            rescore_forecasts,
            monthly_close,
            rebuild_days,
            compact_lake,
            send_alerts,
            send_subscriptions,
        ],
        schedules=[
            daily_refresh,
            hourly_ingest,
            hourly_alerts,
            weekly_retraining,
            weekly_compaction,
            weekly_subscriptions,
            monthly_close_schedule,
        ],
        sensors=[
            new_deliveries,
            dead_runs,
            blocked_refresh_sensor([refresh, retrain_forecasts, monthly_close]),
        ],
        resources={
            "home": HomeResource(
                inputs=dg.EnvVar("VALUEOPS_INPUTS"),
                home=dg.EnvVar("VALUEOPS_HOME"),
                lock_wait_s=_LOCK_WAIT_S,
            ),
            "dbt": DbtResource(project_dir=str(dbt_project_dir), dbt_executable=DBT_EXECUTABLE),
        },
        # One process from lock to publication: one refresh at a time, one writer of the build file.
        executor=dg.in_process_executor,
        loggers={"console": dg.colored_console_logger, "progress": progress_logger},
    )


@dg.definitions
def defs() -> dg.Definitions:
    """What workspace.yaml loads; nothing is read before Dagster asks."""
    return build_definitions()

"""Everything Dagster shall know, in one place."""

from pathlib import Path

import dagster as dg

from pipelines.capacity_assets import capacity_plan
from pipelines.dbt_assets import dbt_steps
from pipelines.dbt_manifest import DBT_EXECUTABLE, prepared_project
from pipelines.forecast_assets import demand_forecasts
from pipelines.home import DBT_PROJECT_DIR
from pipelines.ingestion_assets import ingestion_assets
from pipelines.jobs import (
    daily_refresh,
    refresh,
    rescore_forecasts,
    retrain_forecasts,
    weekly_retraining,
)
from pipelines.progress import progress_logger
from pipelines.publish import publish_asset
from pipelines.report_assets import capacity_report
from pipelines.rescore_assets import demand_rescores
from pipelines.resources import DbtResource, HomeResource
from pipelines.role_assets import role_files


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
            capacity_plan,
            publish_asset(key for step in steps for key in step.keys),
            role_files,
            capacity_report,
        ],
        jobs=[refresh, retrain_forecasts, rescore_forecasts],
        schedules=[daily_refresh, weekly_retraining],
        resources={
            "home": HomeResource(
                inputs=dg.EnvVar("VALUEOPS_INPUTS"), home=dg.EnvVar("VALUEOPS_HOME")
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

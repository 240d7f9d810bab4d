"""How old a source may be: dbt's var `source_freshness_hours`, as Dagster's freshness policies."""

from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from pathlib import Path

import dagster as dg
import yaml

from pipelines.home import DBT_PROJECT_DIR

_VAR = "source_freshness_hours"
# What may stand still (prices, registry, budgets, roles) is still looked at by every daily refresh.
_LOOKED_AT_HOURS = 72


def policy(table: str, project_dir: Path = DBT_PROJECT_DIR) -> dg.FreshnessPolicy:
    """When a lake table counts as late: not loaded for so long; half of that warns.

    `ops.source_freshness` measures the same hours on what the rows say, without a clock.

    Args:
        table: A lake table that deliveries fill.
        project_dir: The dbt project that names the hours.
    """
    fail = timedelta(hours=_hours(project_dir).get(table, _LOOKED_AT_HOURS))
    return dg.FreshnessPolicy.time_window(fail_window=fail, warn_window=fail / 2)


@cache
def _hours(project_dir: Path) -> Mapping[str, int]:
    project = yaml.safe_load((project_dir / "dbt_project.yml").read_text(encoding="utf-8"))
    return project["vars"][_VAR]

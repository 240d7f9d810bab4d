"""What of the lake may be removed: the published warehouse says what counts, and since when."""

from datetime import datetime, timedelta
from pathlib import Path

from ingestion.compaction import Superseded
from ingestion.lake import Lake
from pipelines import build_file, dbt_manifest
from pipelines.duck import open_read_only
from pipelines.home import DBT_PROJECT_DIR, HomePaths

_QUERIES = (Path(__file__).parents[1] / "queries") / "retention"
# Of these the newest run counts alone. Forecasts themselves are kept: what was said of an hour is
# compared with what came; scores that somebody asked for and closes count all.
_RUN_TABLES = (
    *("demand_backtests", "demand_bursts", "demand_champions"),
    *("capacity_plans", "capacity_plan_hours", "capacity_backtests"),
)


def reason_to_keep_all(paths: HomePaths, project_dir: Path = DBT_PROJECT_DIR) -> str | None:
    """Why nothing may be removed now, or None where it may.

    Only a warehouse that was published from all that is in the lake, by the models and settings as
    they are, knows what counts; a delivery that blocked is compared with what it would replace.

    Args:
        paths: The home folder.
        project_dir: The dbt project.
    """
    fingerprint = dbt_manifest.project_vars(project_dir)["project_fingerprint"]
    reason = build_file.reason_for_full(paths, fingerprint)
    if reason is None and not build_file.holds(paths, Lake(paths.root).complete_loads()):
        reason = "the lake holds loads that are not in the published warehouse"
    return reason


def superseded(paths: HomePaths, keep_days: int, now: datetime) -> dict[str, Superseded]:
    """What nothing has counted for so many days.

    Args:
        paths: The home folder, with a warehouse that `reason_to_keep_all` finds nothing wrong with.
        keep_days: Days that superseded rows are kept after they were superseded.
        now: This moment.

    Returns:
        What may be removed, by lake table.

    Raises:
        duckdb.Error: The published warehouse cannot be read.
    """
    before = {"before": (now - timedelta(days=keep_days)).timestamp()}
    with open_read_only(paths.warehouse) as warehouse:
        versions = warehouse.execute(_query("superseded_versions"), before).fetchall()
        runs = warehouse.execute(_query("superseded_runs"), before).fetchall()
    found: dict[str, Superseded] = {}
    for table in {source for source, _, _ in versions}:
        found[table] = Superseded(
            versions=frozenset((file, load) for source, file, load in versions if source == table)
        )
    if runs:
        loads = Superseded(loads=frozenset(load for (load,) in runs))
        found |= dict.fromkeys(_RUN_TABLES, loads)
    return found


def _query(name: str) -> str:
    return (_QUERIES / f"{name}.sql").read_text(encoding="utf-8")

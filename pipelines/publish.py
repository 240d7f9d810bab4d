"""The published warehouse: replaced as a whole when everything before it has passed."""

from collections.abc import Iterable

import dagster as dg

from pipelines import build_file
from pipelines.dbt_assets import BUILD_POOL
from pipelines.resources import HomeResource
from pipelines.translator import DEFAULT_OWNER

PUBLISHED_KEY = dg.AssetKey(["published_warehouse"])


def publish_asset(dbt_keys: Iterable[dg.AssetKey]) -> dg.AssetsDefinition:
    """The step that publishes, after every dbt asset.

    A failed check of severity error fails its dbt step, and a step runs only when all before it
    have succeeded: no failed check is ever published.

    Args:
        dbt_keys: The assets of both dbt steps.
    """

    @dg.asset(
        key=PUBLISHED_KEY,
        deps=sorted(dbt_keys),
        group_name="publish",
        kinds={"duckdb"},
        owners=[DEFAULT_OWNER],
        description="`HOME/warehouse.duckdb`, what everybody reads; replaced by an atomic rename.",
        pool=BUILD_POOL,
    )
    def published_warehouse(home: HomeResource) -> dg.MaterializeResult:
        rows = build_file.publish(home.paths)
        return dg.MaterializeResult(
            metadata={
                "path": dg.MetadataValue.path(str(home.paths.warehouse)),
                "size_mib": round(home.paths.warehouse.stat().st_size / 2**20, 1),
                "rows": dg.MetadataValue.json(rows),
            }
        )

    return published_warehouse

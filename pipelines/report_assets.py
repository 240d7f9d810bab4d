"""The reports people look at, rendered from the published warehouse."""

import dagster as dg

from pipelines.publish import PUBLISHED_KEY
from pipelines.resources import HomeResource
from pipelines.translator import DEFAULT_OWNER


@dg.asset(
    deps=[PUBLISHED_KEY],
    group_name="reports",
    kinds={"html"},
    owners=[DEFAULT_OWNER],
    description="`HOME/reports/*.html`: each page is one file that needs no network.",
)
def capacity_report(home: HomeResource) -> dg.MaterializeResult:
    """Renders every report of the published warehouse."""
    # Charts take a second to import, which `dagster dev` need not wait for.
    from reports import render_reports

    written = render_reports(home.paths.warehouse, home.paths.reports)
    return dg.MaterializeResult(
        metadata={"files": dg.MetadataValue.json([str(path) for path in written])}
    )

"""The reports people look at, rendered from the published warehouse."""

from collections.abc import Iterator

import dagster as dg

from pipelines.publish import PUBLISHED_KEY
from pipelines.resources import HomeResource
from pipelines.translator import DEFAULT_OWNER

# Page -> what it answers; the asset of `x.html` is `x_report`.
PAGES = {
    "capacity.html": "how many GPUs to reserve, what it saves, and how sure that is",
    "costs.html": "what was spent, on what, and what idled",
    "value.html": "what each version is worth against its cost, and how last week was forecast",
}


def report_key(page: str) -> dg.AssetKey:
    """The asset of a page in `HOME/reports`."""
    return dg.AssetKey(f"{page.removesuffix('.html')}_report")


@dg.multi_asset(
    name="reports",
    specs=[
        dg.AssetSpec(
            report_key(page),
            deps=[PUBLISHED_KEY],
            group_name="reports",
            kinds={"html"},
            owners=[DEFAULT_OWNER],
            description=f"`HOME/reports/{page}`: {answers}. One file that needs no network.",
        )
        for page, answers in PAGES.items()
    ],
)
def page_reports(home: HomeResource) -> Iterator[dg.MaterializeResult]:
    """Renders every report of the published warehouse."""
    # Charts take a second to import, which `dagster dev` need not wait for.
    from reports import render_reports

    for path in render_reports(home.paths.warehouse, home.paths.reports):
        yield dg.MaterializeResult(
            report_key(path.name),
            metadata={
                "path": dg.MetadataValue.path(str(path)),
                "size_mib": round(path.stat().st_size / 2**20, 1),
            },
        )

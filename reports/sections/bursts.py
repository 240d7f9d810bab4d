"""Bursts: what no season announces, day by day."""

from dataclasses import dataclass

from reports import formats
from reports.charts.days import Days, day_chart, legend
from reports.downloads import Download, download
from reports.sections.series import UNITS
from reports.warehouse import Row, Warehouse

_MOST_SERIES = 12
_MOST_CHARTS = 4


@dataclass(frozen=True)
class BurstView:
    """One series: its figures, and its coming days."""

    name: str
    unit: str
    row: Row
    chart: Days


@dataclass(frozen=True)
class Bursts:
    """The section's content; empty where bursts were not estimated.

    Attributes:
        series: Totals first, then the most restless.
        charted: How many of them are drawn day by day.
        steps: Names of the colour steps.
        download: Every day of these series.
    """

    series: list[BurstView]
    charted: int
    steps: list[str]
    download: Download | None


def bursts(warehouse: Warehouse) -> Bursts:
    """Ask for the burst risk of the most restless series."""
    found = warehouse.rows("burst_series", longest=_MOST_SERIES)
    if not found:
        return Bursts([], 0, legend(), None)
    days = warehouse.rows("burst_days", unique_ids=[row["unique_id"] for row in found])
    by_series: dict[tuple[str, str], list[Row]] = {}
    for row in days:
        by_series.setdefault((row["unique_id"], row["measure"]), []).append(row)
    views = []
    for row in found:
        unit = UNITS.get(row["measure"]) or str(row["measure"])
        chart = day_chart(by_series[row["unique_id"], row["measure"]], unit)
        views.append(BurstView(formats.series_name(row["unique_id"]), unit, row, chart))
    return Bursts(views, min(len(views), _MOST_CHARTS), legend(), download("bursts", days))

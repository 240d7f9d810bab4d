"""How wrong the forecasts were in the last weeks, on hours that they had not seen."""

from dataclasses import dataclass
from datetime import datetime

from reports import formats
from reports.charts.dots import Dots, dot_chart
from reports.downloads import Download, download
from reports.sections.series import REFERENCES, Drawn, Series
from reports.warehouse import Row, Warehouse

# Share of hours at or below the 90 % line that still counts as what was promised.
_PROMISED = (0.85, 0.95)
_CHAMPION = "champion"
_MOST_CHARTS = 6


@dataclass(frozen=True)
class Tested:
    """One accelerator's tests."""

    name: str
    champion: str
    dots: Dots


@dataclass(frozen=True)
class Honesty:
    """The section's content; lists are empty where nothing was tested.

    Attributes:
        summary: The published forecasts over all series, one sentence per horizon.
        rows: Per horizon and model: name, is_champion, series, wape, coverage_90, skill,
            share_better.
        rows_download: These rows.
        tests: The totals, test by test; the largest series where there is no total.
        tests_download: Every test of the series on this page.
    """

    summary: list[str]
    rows: list[Row]
    rows_download: Download | None
    tests: list[Tested]
    tests_download: Download | None


def honesty(warehouse: Warehouse, drawn: Drawn) -> Honesty:
    """Ask for the backtests over all series, and test by test for the totals."""
    rows = warehouse.rows("backtest_summary", references=list(REFERENCES))
    ids = [series.unique_id for series in drawn.series]
    tests = warehouse.rows("backtest_cutoffs", unique_ids=ids) if ids else []
    shown = [series for series in drawn.series if series.is_total] or drawn.series[:1]
    tested = [_tested(series, tests) for series in shown[:_MOST_CHARTS]]
    return Honesty(
        summary=[_sentence(row) for row in rows if row["shown_as"] == _CHAMPION],
        rows=[
            {
                **row,
                "is_champion": row["shown_as"] == _CHAMPION,
                "name": "Published forecast"
                if row["shown_as"] == _CHAMPION
                else formats.model_label(row["shown_as"]),
            }
            for row in rows
        ],
        rows_download=download("backtest summary", rows),
        tests=[view for view in tested if view is not None and view.dots.rows],
        tests_download=download("backtests", tests),
    )


def _sentence(row: Row) -> str:
    coverage = row["coverage_90"]
    parts = [
        f"{formats.horizon(row['horizon_bucket'])} the typical error was "
        f"{formats.percent(row['wape'])} of demand"
    ]
    if coverage is not None:
        parts.append(
            f"{formats.percent(coverage)} of hours stayed at or below the 90 % line, "
            f"{_verdict(float(coverage))}"
        )
    if row["share_better"] is not None:
        better = round(float(row["share_better"]) * row["series"])
        parts.append(f"{better} of {row['series']} series beat last week’s pattern")  # noqa: RUF001
    return "; ".join(parts) + "."


def _verdict(coverage: float) -> str:
    low, high = _PROMISED
    if coverage < low:
        return "fewer than promised: plan with the 95 % line"
    return "as promised" if coverage <= high else "more than promised: it is higher than it need be"


def _tested(series: Series, tests: list[Row]) -> Tested | None:
    """Line up the tests of one series, near horizons first, oldest first."""
    mine = [
        row
        for row in tests
        if (row["unique_id"], row["measure"]) == (series.unique_id, series.measure)
    ]
    if series.champion is None or not mine:
        return None
    models = dict.fromkeys((series.champion, *REFERENCES))
    found: dict[tuple[str, datetime], dict[str, float | None]] = {}
    for row in mine:
        found.setdefault((row["horizon_bucket"], row["cutoff"]), {})[row["model"]] = row["wape"]
    lines = []
    for (bucket, cutoff), errors in sorted(found.items(), key=lambda item: item[0]):
        label = f"{formats.horizon(bucket)}, from {formats.short_day(cutoff)}"
        dots = [
            (
                _CHAMPION if model == series.champion else model.replace("_", "-"),
                formats.model_label(model),
                errors.get(model),
            )
            for model in models
        ]
        lines.append((label, dots))
    return Tested(
        name=formats.series_name(series.unique_id),
        champion=formats.model_label(series.champion),
        dots=dot_chart(lines),
    )

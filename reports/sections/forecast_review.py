"""What was forecast a week ago, against what came."""

from dataclasses import dataclass, replace
from datetime import datetime

import pandas as pd

from reports import formats
from reports.charts.fan import Fan, fan_chart
from reports.downloads import Download, download, download_frame
from reports.sections.series import UNITS
from reports.warehouse import Row, Warehouse

_CHARTS = 6
#: What was promised is 90 % inside; this much below it a week is bad.
_TOLERANCE = 0.15


@dataclass(frozen=True)
class ReviewedSeries:
    """One total.

    Attributes:
        name: For people.
        unit: What is counted.
        row: A row of `fct_forecast_review_weekly`.
        is_bad: Whether far fewer hours were inside than promised.
        chart: What was forecast and what came; None beyond the first few.
    """

    name: str
    unit: str
    row: Row
    is_bad: bool
    chart: Fan | None


@dataclass(frozen=True)
class ForecastReview:
    """The section's content.

    Attributes:
        series: Totals, GPUs first; empty where no forecast is a week old.
        created_at: Newest data hour that the forecast knew.
        week_end: Last hour of the week.
        file: CSV of the scores.
        hours_file: CSV of the hours.
    """

    series: list[ReviewedSeries]
    created_at: datetime | None = None
    week_end: datetime | None = None
    file: Download | None = None
    hours_file: Download | None = None


def forecast_review(warehouse: Warehouse) -> ForecastReview:
    """Ask for last week's scores and hours."""
    rows = warehouse.rows("review_forecasts")
    if not rows:
        return ForecastReview([])
    hours = warehouse.frame("review_hours")
    by_series = {
        (str(unique_id), str(measure)): frame
        for (unique_id, measure), frame in hours.groupby(["unique_id", "measure"], sort=False)
    }
    series = [
        _series(row, by_series.get((row["unique_id"], row["measure"])) if n < _CHARTS else None)
        for n, row in enumerate(rows)
    ]
    return ForecastReview(
        series=series,
        created_at=rows[0]["created_at"],
        week_end=rows[0]["week_end"],
        file=download("last week's forecast, scores", rows),
        hours_file=download_frame("last week's forecast by the hour", hours),
    )


def _series(row: Row, hours: pd.DataFrame | None) -> ReviewedSeries:
    unit = UNITS.get(row["measure"], str(row["measure"]))
    inside = float(row["inside_ratio"])
    chart = None
    if hours is not None:
        history = hours[["ds", "y"]].assign(allocated=float("nan"))
        chart = replace(fan_chart(history, hours, unit), summary=_summary(row, unit))
    return ReviewedSeries(
        name=formats.series_name(row["unique_id"]),
        unit=unit,
        row=row,
        is_bad=inside < 0.9 - _TOLERANCE,
        chart=chart,
    )


def _summary(row: Row, unit: str) -> str:
    said, came = formats.short(row["worst_p50"]), formats.short(row["worst_actual"])
    if not row["actual_total"]:
        return f"Nothing came; {formats.short(row['forecast_total'])} in all were forecast."
    return (
        f"{row['hours_inside']} of {row['hours']} hours lay at or below the 90 % line; the median "
        f"was off by {formats.percent(row['wape'])}. Worst hour: {formats.hour(row['worst_ds'])}, "
        f"{said} {unit} forecast and {came} came."
    )

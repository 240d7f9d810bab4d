"""The demand chart: what was asked for, and the fan of what may be asked for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from reports import formats
from reports.charts.axes import Tick, time_axis, value_axis

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

QUANTILES = ("y_p50", "y_p80", "y_p90", "y_p95", "y_p99")

# Paths are drawn one unit per hour on a canvas of this height and stretched by the page. Whole
# numbers and relative steps make a page of many charts four times smaller than absolute ones.
HEIGHT = 400

# The 99 % line is cut where it is this much higher than everything else.
_CUT_FROM = 1.5


@dataclass(frozen=True)
class Level:
    """A number of the plan to draw across the chart.

    Attributes:
        key: Names its colour in the style sheet.
        label: What it says.
        value: In the unit of the chart.
        position: Percent of the height, from the bottom; set by the chart.
    """

    key: str
    label: str
    value: float
    position: float = 0.0


@dataclass(frozen=True)
class Fan:
    """One chart, ready to draw.

    Attributes:
        unit: What the value axis counts.
        width: Hours drawn, the width of the canvas; its height is `HEIGHT`.
        history: SVG path of what was seen.
        allocated: SVG path of what was held, empty where nothing is known.
        bands: SVG areas between neighbouring quantiles, the lowest first.
        median: SVG path of the 50 % quantile.
        reference: SVG path of another model's 50 % quantile, empty without one.
        levels: Lines across the chart.
        now: Percent of the width where the future starts.
        x_ticks: Days.
        y_ticks: Values.
        summary: The chart in one sentence.
        points: What the reading line shows: start (epoch hours), top (value at 1000), and per
            hour past, held and ahead (per quantile) in thousandths of the top.
    """

    unit: str
    width: int
    history: str
    allocated: str
    bands: list[str]
    median: str
    reference: str
    levels: list[Level]
    now: float
    x_ticks: list[Tick]
    y_ticks: list[Tick]
    summary: str
    points: dict[str, object]


def fan_chart(
    history: pd.DataFrame,
    forecast: pd.DataFrame,
    unit: str,
    highest: float = 0.0,
    reference: pd.DataFrame | None = None,
    levels: Sequence[Level] = (),
) -> Fan:
    """Draw one series.

    Args:
        history: Columns ds (hourly), y and allocated (in the unit; NaN where unknown).
        forecast: Columns ds (the hours after) and `QUANTILES`; may have no rows. Of the same
            hours as the history it is a forecast looked back on.
        unit: What is counted, such as "GPUs".
        highest: What the value axis reaches at least, so that charts can be compared.
        reference: Another model's forecast; its median is drawn on the same axes.
        levels: Lines to draw across; the axis reaches them.

    Returns:
        The chart; history or forecast may be empty, but not both.
    """
    ends = pd.concat([history["ds"], forecast["ds"]])
    first, last = pd.Timestamp(ends.min()), pd.Timestamp(ends.max())
    width = max(round((last - first) / pd.Timedelta(hours=1)), 1)

    past, held = _values(history, "y"), _values(history, "allocated")
    ahead = forecast[list(QUANTILES)].to_numpy(dtype=np.float64)
    other = np.empty(0) if reference is None else _values(reference, QUANTILES[0])
    across = np.array([level.value for level in levels])
    known = np.concatenate([past, held, ahead[:, :-1].ravel(), other, across])
    reached = float(np.nanmax(known, initial=0.0))
    # One hour of a wild 99 % line must not flatten all the others: it is cut there.
    outer = min(float(np.nanmax(ahead[:, -1], initial=0.0)), _CUT_FROM * reached)
    top, y_ticks = value_axis(max(reached, outer, highest))

    x_past, x_ahead = _x(history["ds"], first), _x(forecast["ds"], first)
    is_review = len(forecast) > 0 and len(history) > 0 and x_ahead[0] <= x_past[-1]
    # The forecast starts where the history ends, so that the lines meet.
    if len(forecast) and len(history) and not is_review and not np.isnan(past[-1]):
        x_ahead = np.concatenate([x_past[-1:], x_ahead])
        ahead_drawn = np.vstack([np.full(len(QUANTILES), past[-1]), ahead])
    else:
        ahead_drawn = ahead
    y_ahead = _y(ahead_drawn, top)
    return Fan(
        unit=unit,
        width=width,
        history=_line(x_past, _y(past, top)),
        allocated=_line(x_past, _y(held, top)),
        bands=[_area(x_ahead, y_ahead[:, i], y_ahead[:, i + 1]) for i in range(len(QUANTILES) - 1)],
        median=_line(x_ahead, y_ahead[:, 0]),
        reference="" if reference is None else _line(_x(reference["ds"], first), _y(other, top)),
        levels=[replace(v, position=round(100.0 * v.value / top, 2)) for v in levels],
        now=0.0 if is_review else round(100.0 * (len(history) and x_past[-1]) / width, 2),
        x_ticks=time_axis(first, last),
        y_ticks=y_ticks,
        summary=_summary(past, ahead, unit, top),
        points={
            "start": int(first.timestamp() // 3600),
            "top": top,
            "past": _thousandths(past, top),
            "held": [] if np.isnan(held).all() else _thousandths(held, top),
            "ahead": [_thousandths(ahead[:, i], top) for i in range(len(QUANTILES))],
        },
    )


def _values(frame: pd.DataFrame, column: str) -> FloatArray:
    return frame[column].to_numpy(dtype=np.float64, na_value=np.nan)


def _x(ds: pd.Series, first: pd.Timestamp) -> FloatArray:
    hours = ((ds - first) / pd.Timedelta(hours=1)).to_numpy(dtype=np.float64)
    return np.round(hours).astype(np.float64)


def _y(values: FloatArray, top: float) -> FloatArray:
    return np.round(HEIGHT - values * (HEIGHT / top)).astype(np.float64)


def _line(x: FloatArray, y: FloatArray) -> str:
    """Join the known points in relative steps; an unknown hour breaks the line."""
    known = np.flatnonzero(~np.isnan(y))
    if not known.size:
        return ""
    runs = np.split(known, np.flatnonzero(np.diff(known) > 1) + 1)
    return "".join(_run(x[run].astype(np.int64), y[run].astype(np.int64)) for run in runs)


def _run(x: IntArray, y: IntArray) -> str:
    steps = zip(np.diff(x).tolist(), np.diff(y).tolist(), strict=True)
    # A minus sign separates numbers as well as a blank does.
    joined = " ".join(f"{dx} {dy}" for dx, dy in steps).replace(" -", "-")
    return f"M{x[0]} {y[0]}" + (f"l{joined}" if joined else "l0 0")


def _area(x: FloatArray, low: FloatArray, high: FloatArray) -> str:
    """Close the shape between two quantiles, which know every hour."""
    if not len(x):
        return ""
    return _line(np.concatenate([x, x[::-1]]), np.concatenate([high, low[::-1]])) + "z"


def _thousandths(values: FloatArray, top: float) -> list[int | None]:
    """Whole thousandths of the axis: all that a reader can see, at a third of the bytes."""
    return [None if np.isnan(v) else round(v * 1000 / top) for v in values.tolist()]


def _summary(past: FloatArray, ahead: FloatArray, unit: str, top: float) -> str:
    sentences: list[str] = []
    if past.size and not np.isnan(past).all():
        mean, peak = float(np.nanmean(past)), float(np.nanmax(past))
        sentences.append(
            f"Seen: {formats.short(mean)} {unit} on average, {formats.short(peak)} at the peak."
        )
    if len(ahead):
        typical, peak = float(ahead[:, 0].mean()), float(ahead[:, 3].max())
        sentences.append(
            f"Ahead: {formats.short(typical)} on average; in the busiest hour "
            f"{formats.short(peak)} would do with 95 % certainty."
        )
        if float(ahead[:, -1].max()) > top:
            sentences.append(f"The 99 % line goes up to {formats.short(ahead[:, -1].max())}.")
    return " ".join(sentences)

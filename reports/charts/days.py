"""Risk and peak of each coming day: a strip of coloured cells, and columns under it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from reports import formats
from reports.charts.axes import Tick, value_axis
from reports.charts.heatmap import step_of

#: Lower ends of the colour steps of a daily probability.
STEPS = (0.0, 0.05, 0.15, 0.30, 0.60)


@dataclass(frozen=True)
class Day:
    """One day.

    Attributes:
        label: Like "3 Jun".
        weekday: Like "Mon".
        step: Colour step from 0, or -1 where the probability is not known.
        likely: Height of the 95 % peak, percent of the axis.
        highest: Height of the 99 % peak, percent of the axis.
        text: The day in one sentence.
    """

    label: str
    weekday: str
    step: int
    likely: float
    highest: float
    text: str


@dataclass(frozen=True)
class Days:
    """The coming days of one series; `summary` is the chart in one sentence."""

    unit: str
    days: list[Day]
    ticks: list[Tick]
    summary: str


def day_chart(rows: Iterable[Mapping[str, Any]], unit: str) -> Days:
    """Lay out one column per day.

    Args:
        rows: date_day (ascending), burst_probability (0-1), peak_p95 and peak_p99 in the unit;
            None where unknown.
        unit: What is counted, such as "GPUs".

    Returns:
        Columns on one scale from zero.
    """
    rows = list(rows)
    peaks = [float(row["peak_p99"] or row["peak_p95"] or 0) for row in rows]
    top, ticks = value_axis(max(peaks, default=0.0))
    days = [_day(row, unit, top) for row in rows]
    if not rows:
        return Days(unit, [], ticks, "")
    worst = max(rows, key=lambda row: float(row["burst_probability"] or 0))
    return Days(
        unit=unit,
        days=days,
        ticks=ticks,
        summary=(
            f"Highest chance of a burst: {formats.chance(worst['burst_probability'])} on "
            f"{formats.day(worst['date_day'])}; the highest daily peak is "
            f"{formats.short(max(peaks))} {unit} with 99 % certainty."
        ),
    )


def legend() -> list[str]:
    """Name the colour steps, from the lowest."""
    names = [f"below {STEPS[1]:.0%}"]
    names += [f"{low:.0%} to {high:.0%}" for low, high in pairwise(STEPS[1:])]
    return [name.replace("%", " %") for name in (*names, f"{STEPS[-1]:.0%} and more")]


def _day(row: Mapping[str, Any], unit: str, top: float) -> Day:
    day: date = row["date_day"]
    chance = row["burst_probability"]
    step = -1
    if chance is not None:
        step = step_of(float(chance), STEPS)
    return Day(
        label=formats.short_day(day),
        weekday=f"{day:%a}",
        step=step,
        likely=_height(row["peak_p95"], top),
        highest=_height(row["peak_p99"], top),
        text=(
            f"{day:%a} {formats.short_day(day)}: {formats.chance(chance)} chance of a burst; "
            f"peak {formats.short(row['peak_p95'])} {unit} at 95 %, "
            f"{formats.short(row['peak_p99'])} at 99 %"
        ),
    )


def _height(value: Any, top: float) -> float:
    return round(100.0 * float(value or 0) / top, 2)

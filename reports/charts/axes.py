"""Round tick marks for a value axis, day marks for a time axis."""

import math
from dataclasses import dataclass

import pandas as pd

from reports import formats

_INTERVALS = range(3, 7)


@dataclass(frozen=True)
class Tick:
    """A mark on an axis.

    Attributes:
        label: What it says.
        position: Percent of the axis, from the left or from the bottom.
        is_minor: May be left out where space is short.
    """

    label: str
    position: float
    is_minor: bool = False


def value_axis(highest: float) -> tuple[float, list[Tick]]:
    """Choose round marks from zero to at least `highest`, as near to it as they come.

    Args:
        highest: The largest value drawn, in the unit of the axis.

    Returns:
        The top of the axis and its ticks, zero included.
    """
    if not math.isfinite(highest) or highest <= 0:
        highest = 1.0
    power = 10.0 ** math.floor(math.log10(highest))
    axes: list[tuple[float, int, float]] = []
    for step in (m * p for p in (power / 10, power) for m in (1, 2, 2.5, 5)):
        intervals = math.ceil(highest / step * 0.999)
        if intervals in _INTERVALS:
            # Of equal tops the one with about four marks.
            axes.append((intervals * step, abs(intervals - 4), step))
    top, _, step = min(axes)
    intervals = round(top / step)
    ticks = [Tick(formats.short(i * step), 100.0 * i / intervals) for i in range(intervals + 1)]
    return top, ticks


def time_axis(first: pd.Timestamp, last: pd.Timestamp) -> list[Tick]:
    """Mark midnights between two hours: each day of a short span, each Monday of a long one.

    Args:
        first: The left end.
        last: The right end.

    Returns:
        Ticks labelled like "3 Jun"; every second one is minor.
    """
    span = last - first
    if span <= pd.Timedelta(0):
        return []
    midnights = pd.date_range(first.ceil("D"), last, freq="D")
    if len(midnights) > 16:
        midnights = midnights[midnights.dayofweek == 0]
    elif len(midnights) > 8:
        midnights = midnights[::2]
    return [
        Tick(f"{at.day} {at:%b}", round(100.0 * ((at - first) / span), 2), is_minor=i % 2 == 1)
        for i, at in enumerate(midnights)
    ]

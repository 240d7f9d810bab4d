"""The demand chart in letters: for a terminal of any width, readable without colour."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from reports.charts.axes import Tick, time_axis, value_axis

FloatArray = npt.NDArray[np.float64]

_MEDIAN, _HIGH = 0, 3  # columns of the quantiles .5 and .95
_LEAST_WIDTH = 20


@dataclass(frozen=True)
class Signs:
    """What is drawn with.

    Attributes:
        seen: Demand that was seen.
        median: The 50 % quantile.
        band: From there to the 95 % quantile.
        came: Demand that came after a past cutoff.
        now: Where the forecast starts.
        mark: Joins a label to the value axis.
        corner: Where the axes meet.
        floor: The time axis.
    """

    seen: str = "█"
    median: str = "▒"
    band: str = "░"
    came: str = "●"
    now: str = "┊"
    mark: str = "┤"
    corner: str = "└"
    floor: str = "─"


#: For terminals that know no other letters.
ASCII = Signs("#", "=", ".", "o", "|", "|", "+", "-")


def terminal_chart(
    past: FloatArray,
    ahead: FloatArray,
    first: pd.Timestamp,
    width: int,
    height: int = 14,
    came: FloatArray | None = None,
    signs: Signs | None = None,
) -> list[str]:
    """Draw one series.

    A column of the chart stands for one hour or more and reaches from the lowest to the highest
    value in it, so that no peak is lost on a narrow screen.

    Args:
        past: (hours,) demand seen, NaN where unknown; may be empty.
        ahead: (hours, 5) quantiles .5 .8 .9 .95 .99 of the hours that follow.
        first: The first hour drawn.
        width: Letters per line, labels included.
        height: Lines of the plot.
        came: (hours,) demand of the hours ahead where it is known by now, NaN elsewhere.
        signs: What to draw with.

    Returns:
        Lines of at most `width` letters: the plot, the time axis, the dates.
    """
    signs = signs or Signs()
    later = np.empty(0) if came is None else came
    drawn = np.concatenate([past, ahead[:, _HIGH], later])
    top, ticks = value_axis(float(np.nanmax(drawn, initial=0.0)))
    label = max(len(tick.label) for tick in ticks)
    columns = max(width - label - 3, _LEAST_WIDTH)
    before = min(round(columns * len(past) / (len(past) + len(ahead))), columns - 1)
    after = columns - before

    cells = np.full((height, columns + 1), " ")
    cells[:, before] = signs.now
    rows = _Rows(top, height)
    _fill(cells[:, :before], *_reach(past, before), rows, signs.seen)
    right = cells[:, before + 1 :]
    low, high = _reach(ahead[:, _MEDIAN], after)
    _fill(right, low, _reach(ahead[:, _HIGH], after)[1], rows, signs.band)
    _fill(right, low, high, rows, signs.median)
    if came is not None:
        middle = _means(came, after)
        _fill(right, middle, middle, rows, signs.came)

    names = {rows.of(tick.position / 100.0 * top): tick.label for tick in ticks}
    lines = [
        f"{names.get(row, ''):>{label}} {signs.mark if row in names else ' '}{''.join(cells[row])}"
        for row in range(height)
    ]
    last = first + pd.Timedelta(hours=len(past) + len(ahead) - 1)
    return [
        *(line.rstrip() for line in lines),
        f"{'':>{label}} {signs.corner}{signs.floor * (columns + 1)}",
        (" " * (label + 2) + _dates(time_axis(first, last), columns + 1)).rstrip(),
    ]


@dataclass(frozen=True)
class _Rows:
    top: float
    height: int

    def of(self, value: float) -> int:
        """The line that a value falls on, from the top."""
        up = math.floor(value / self.top * self.height)
        return self.height - 1 - min(max(up, 0), self.height - 1)


def _edges(hours: int, columns: int) -> list[tuple[int, int]]:
    """The hours of each column; a column has one at least."""
    return [
        (c * hours // columns, max(c * hours // columns + 1, -(-(c + 1) * hours // columns)))
        for c in range(columns)
    ]


def _reach(values: FloatArray, columns: int) -> tuple[FloatArray, FloatArray]:
    """Lowest and highest known value of each column, NaN where none is known."""
    if not len(values):
        nothing = np.full(columns, np.nan)
        return nothing, nothing
    parts = [values[start:stop] for start, stop in _edges(len(values), columns)]
    lows = [np.nan if np.isnan(part).all() else np.nanmin(part) for part in parts]
    highs = [np.nan if np.isnan(part).all() else np.nanmax(part) for part in parts]
    return np.array(lows), np.array(highs)


def _means(values: FloatArray, columns: int) -> FloatArray:
    parts = [values[start:stop] for start, stop in _edges(len(values), columns)]
    return np.array([np.nan if np.isnan(part).all() else np.nanmean(part) for part in parts])


def _fill(
    cells: npt.NDArray[np.str_], low: FloatArray, high: FloatArray, rows: _Rows, sign: str
) -> None:
    for column in np.flatnonzero(~np.isnan(low)).tolist():
        cells[rows.of(high[column]) : rows.of(low[column]) + 1, column] = sign


def _dates(ticks: list[Tick], columns: int) -> str:
    """Write day names under the axis, leaving out those that would touch."""
    line = ""
    for tick in ticks:
        place = round(tick.position / 100.0 * (columns - 1))
        is_free = not line or place > len(line)
        if is_free and place + len(tick.label) <= columns:
            line = line.ljust(place) + tick.label
    return line

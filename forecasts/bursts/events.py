"""Hours above the threshold become events: when they began, how long they lasted, how high."""

from dataclasses import dataclass

import numpy as np

from forecasts.bursts.season import Season
from forecasts.frames import FloatArray

#: Fewer quiet hours in between, and it is the same event (runs method, Smith and Weissman 1994).
QUIET_HOURS = 3


@dataclass(frozen=True)
class Events:
    """Bursts of all series, ordered by series and time.

    Attributes:
        series: (events,) row of the panel.
        start: (events,) column of the season's hours.
        length: (events,) hours from the first to the last hour above the threshold.
        peak: (events,) largest excess over the threshold, in margins of the series.
        heights: (sum of lengths,) each hour's excess over the event's peak, 0 to 1, event by event.
    """

    series: np.ndarray
    start: np.ndarray
    length: np.ndarray
    peak: FloatArray
    heights: FloatArray


def find_events(season: Season) -> Events:
    """Join the hours above the threshold to events."""
    with np.errstate(invalid="ignore"):
        above = season.y > season.threshold
    row, column = np.nonzero(above)
    if not row.size:
        none = np.empty(0, dtype=np.intp)
        return Events(none, none, none, np.empty(0), np.empty(0))
    new = np.ones(row.size, dtype=bool)
    new[1:] = (np.diff(row) != 0) | (np.diff(column) > QUIET_HOURS)
    first = np.flatnonzero(new)
    last = np.append(first[1:], row.size) - 1
    series, start = row[first], column[first]
    length = column[last] - start + 1
    margin = season.margin[row]
    excess = (season.y[row, column] - season.threshold[row, column]) / margin
    peak = np.maximum.reduceat(excess, first)
    event = np.cumsum(new) - 1
    offset = np.concatenate([[0], np.cumsum(length)[:-1]])
    heights = np.zeros(int(length.sum()))
    heights[offset[event] + column - start[event]] = excess / peak[event]
    return Events(series, start, length, peak, heights)


def burst_hours(y: FloatArray, threshold: FloatArray) -> np.ndarray:
    """Which hours are bursts; an unknown hour is none."""
    with np.errstate(invalid="ignore"):
        return y > threshold

"""What an hour usually asks for, and how far above it a burst begins."""

from dataclasses import dataclass

import numpy as np

from forecasts.frames import DAY_HOURS, WEEK_HOURS, FloatArray
from forecasts.panel import Panel

#: Older hours say little of today's bursts: a quarter of a year.
HISTORY_HOURS = 13 * WEEK_HOURS
#: A burst is rarer than one hour in twenty, four robust sigmas out, and half the mean demand.
_RARE, _SIGMAS, _SHARE_OF_MEAN = 0.95, 4.0, 0.5
#: The median absolute deviation of a normal is its sigma over this.
_MAD_TO_SIGMA = 1.4826
_DAYS, _WEEKS = 7, 5
#: Series at a time: a median over lags holds seven copies of them.
_GROUP = 256
#: Same hours that must be known for a usual demand.
_MIN_DAYS, _MIN_WEEKS = 3, 3


@dataclass(frozen=True)
class Season:
    """Usual demand and the threshold of a burst, of the past and of the hours ahead.

    Attributes:
        y: (series, hours) demand, at most the last `HISTORY_HOURS`; NaN where unknown.
        threshold: (series, hours) demand above it is a burst; NaN where nothing is usual yet.
        ahead: (series, horizon) the same for the hours to come, as seen from the last hour;
            infinite where nothing is usual yet.
        margin: (series,) threshold less usual demand, in the unit of y; 0 for a dead series.
    """

    y: FloatArray
    threshold: FloatArray
    ahead: FloatArray
    margin: FloatArray


def season(panel: Panel, horizon: int) -> Season:
    """Measure the usual demand of each hour and the margin above it.

    Usual is the larger of two medians: of the same hour in the seven days before, and of the same
    hour of the week in the five weeks before. It looks back only: whether an hour was a burst does
    not change with what comes after it, but for the margin, which is of the whole history.

    Args:
        panel: Demand up to its end.
        horizon: Hours ahead to give thresholds for.
    """
    y = panel.y[:, -HISTORY_HOURS:]
    extended = np.concatenate([y, np.full((len(y), horizon), np.nan)], axis=1)
    usual = np.empty_like(extended)
    for row in range(0, len(y), _GROUP):
        usual[row : row + _GROUP] = _usual(extended[row : row + _GROUP], y.shape[1])
    margin = _margin(y, usual[:, : y.shape[1]])
    threshold = usual + margin[:, None]
    ahead = threshold[:, y.shape[1] :]
    return Season(
        y=y,
        threshold=threshold[:, : y.shape[1]],
        ahead=np.where(np.isnan(ahead), np.inf, ahead),
        margin=margin,
    )


def _usual(y: FloatArray, hours: int) -> FloatArray:
    """(series, hours) usual demand; hours past the end see the last ones before it."""
    by_day = _lagged_median(y, DAY_HOURS, _DAYS, _MIN_DAYS, hours)
    by_week = _lagged_median(y, WEEK_HOURS, _WEEKS, _MIN_WEEKS, hours)
    return np.fmax(by_day, by_week)


def _lagged_median(y: FloatArray, lag: int, count: int, at_least: int, hours: int) -> FloatArray:
    """Median of the `count` newest values that lie whole lags before each hour."""
    columns = np.arange(y.shape[1])
    # An hour ahead looks back from the end, not from hours that nobody knows.
    first = np.where(columns < hours, 1, (columns - hours) // lag + 1)
    stack = np.full((count, *y.shape), np.nan)
    for step in range(count):
        source = columns - (first + step) * lag
        seen = source >= 0
        stack[step][:, seen] = y[:, source[seen]]
    known = (~np.isnan(stack)).sum(axis=0)
    stack.sort(axis=0)
    # NaN sorts last: the middle of the known ones is at these places.
    low = np.take_along_axis(stack, np.maximum(known - 1, 0)[None] // 2, axis=0)[0]
    high = np.take_along_axis(stack, known[None] // 2, axis=0)[0]
    return np.where(known >= at_least, (low + high) / 2.0, np.nan)


def _margin(y: FloatArray, usual: FloatArray) -> FloatArray:
    """(series,) how far above usual a burst begins."""
    excess = y - usual
    some = ~np.isnan(excess).all(axis=1)
    rare, sigma = np.zeros(len(y)), np.zeros(len(y))
    if some.any():
        middle = np.nanmedian(excess[some], axis=1)
        deviation = np.nanmedian(np.abs(excess[some] - middle[:, None]), axis=1)
        sigma[some] = middle + _SIGMAS * _MAD_TO_SIGMA * deviation
        rare[some] = np.nanquantile(excess[some], _RARE, axis=1)
    known = (~np.isnan(y)).sum(axis=1)
    mean = np.nansum(y, axis=1) / np.maximum(known, 1)
    return np.maximum.reduce([rare, sigma, _SHARE_OF_MEAN * mean])

"""Level shifts: when a series last changed its level for good.

A daily comparison in logarithms with the weekday's own effect taken out. A shift is called where
the median day after it lies clearly outside the days before it and stays there; a day's outage, a
weekend of zeros or a burst is none.
"""

from dataclasses import dataclass

import numpy as np

from forecasts.frames import DAY_HOURS, FloatArray
from forecasts.panel import Panel
from forecasts.shapes import known_median

#: Days after a shift before it counts as one; a shorter change is an outage or a burst.
_MIN_DAYS = 3
#: Shifts older than this no longer matter: the level forgets by itself.
_MAX_DAYS = 28
#: Days that a level is compared with, and how many of them must be known before the shift.
_WINDOW_DAYS = 70
_MIN_BEFORE_DAYS = 10
#: The smallest change of level, as a ratio, that is worth forgetting the past for.
_MIN_RATIO = 1.6
#: In mean absolute deviations of the days.
_MIN_SPREADS = 3.0
#: Days are compared on log(day + this share of the typical day): zero days are low, not infinite.
_FLOOR = 0.05
_MIN_SPREAD = 0.05
#: A level below this share of the one before is no level to move the past to.
_LEAST_RATIO = 0.1


@dataclass(frozen=True)
class Shifts:
    """The last level shift of each series of a panel.

    Attributes:
        hours: (series,) whole days in hours at the end that belong to the present level; all of
            the panel's hours where no shift was found.
        ratio: (series,) the present level over the one before; 1 without a shift.
    """

    hours: np.ndarray
    ratio: FloatArray


def find_shifts(panel: Panel) -> Shifts:
    """Find the clearest shift of the last weeks in each series."""
    level = daily_levels(panel.y)[:, -_WINDOW_DAYS:]
    days = level.shape[1]
    best, ratio = np.zeros(len(level)), np.ones(len(level))
    found = np.full(len(level), panel.hours, dtype=np.intp)
    if days < _MIN_DAYS + _MIN_BEFORE_DAYS:
        return Shifts(found, ratio)
    known = np.cumsum(~np.isnan(level), axis=1)
    level = _filled(level)
    whole = _deviation(level, np.median(level, axis=1))
    for after in range(_MIN_DAYS, min(_MAX_DAYS, days - _MIN_BEFORE_DAYS) + 1):
        split = _split(level[:, : days - after], level[:, days - after :])
        earlier = known[:, days - after - 1]
        clear = split.clear & (earlier >= _MIN_BEFORE_DAYS)
        clear &= known[:, -1] - earlier >= _MIN_DAYS
        gain = np.where(clear, whole - split.deviation, 0.0)
        better = gain > best
        best = np.where(better, gain, best)
        found = np.where(better, after * DAY_HOURS, found)
        ratio = np.where(better, np.exp(split.step), ratio)
    return Shifts(found, ratio)


def levelled(panel: Panel) -> Panel:
    """The panel with what came before each series' last shift moved to the present level.

    The past keeps its shape and its relative spread: both stay evidence after a shift. Where the
    level fell to nearly nothing the past is left as it was, for nothing can be read off nothing.
    """
    shifts = find_shifts(panel)
    moved = (shifts.ratio != 1.0) & (shifts.ratio > _LEAST_RATIO)
    if not moved.any():
        return panel
    before = np.arange(panel.hours)[None, :] < (panel.hours - shifts.hours)[:, None]
    ratio = np.where(moved, np.minimum(shifts.ratio, 1.0 / _LEAST_RATIO), 1.0)
    return Panel(panel.ids, panel.end, np.where(before, panel.y * ratio[:, None], panel.y))


def daily_levels(y: FloatArray) -> FloatArray:
    """(series, days) logarithms of daily means, days counted from the end, weekdays levelled.

    Each over the series' typical day; NaN where most of a day is unknown.
    """
    days = y.shape[1] // DAY_HOURS
    if days == 0:
        return np.empty((len(y), 0))
    hourly = y[:, y.shape[1] - days * DAY_HOURS :].reshape(len(y), days, DAY_HOURS)
    known = (~np.isnan(hourly)).sum(axis=2)
    total = np.nansum(hourly, axis=2)
    # A day of which less than half is known could be a night.
    mean = np.where(known >= DAY_HOURS // 2, total / np.maximum(known, 1), np.nan)
    typical = known_median(np.where(mean > 0.0, mean, np.nan))
    typical = np.where(typical > 0.0, typical, 1.0)
    level = np.log(mean / typical[:, None] + _FLOOR)
    return level - _weekday_effects(level)


@dataclass(frozen=True)
class _Split:
    """Two runs of days compared: (series,) each.

    Attributes:
        step: Of the median logarithm.
        deviation: Sum of absolute deviations from the two medians.
        clear: Whether this is a shift at all.
    """

    step: FloatArray
    deviation: FloatArray
    clear: np.ndarray


def _split(before: FloatArray, after: FloatArray) -> _Split:
    low, high = np.median(before, axis=1), np.median(after, axis=1)
    step, deviation = high - low, _deviation(before, low) + _deviation(after, high)
    spread = np.maximum(deviation / (before.shape[1] + after.shape[1]), _MIN_SPREAD)
    up = np.sign(step)[:, None]
    # New ground: a level that the series has been at before is a visit, and may end like one.
    least = np.quantile(after * up, 0.1, axis=1)
    outside = least > np.quantile(before * up, 0.95, axis=1)
    # Every day after it has made most of the step: days back at the old level end an outage.
    outside &= least - low * up[:, 0] > 0.5 * np.abs(step)
    large = np.abs(step) >= np.maximum(np.log(_MIN_RATIO), _MIN_SPREADS * spread)
    return _Split(step, deviation, outside & large)


def _deviation(level: FloatArray, middle: FloatArray) -> FloatArray:
    return np.abs(level - middle[:, None]).sum(axis=1)


def _filled(level: FloatArray) -> FloatArray:
    """Unknown days as the last known day before them, at the front as the first known one."""
    known = ~np.isnan(level)
    last = np.maximum.accumulate(np.where(known, np.arange(level.shape[1]), -1), axis=1)
    last = np.where(last < 0, np.argmax(known, axis=1)[:, None], last)
    return np.nan_to_num(np.take_along_axis(level, last, axis=1))


def _weekday_effects(level: FloatArray) -> FloatArray:
    """What a weekday differs from the week around it; 0 with less than three weeks to tell."""
    days = level.shape[1]
    if days < 21:
        return np.zeros_like(level)
    around = np.full_like(level, np.nan)
    around[:, 3:-3] = known_median(np.lib.stride_tricks.sliding_window_view(level, 7, axis=1))
    departure = level - around
    position = (np.arange(days) - days) % 7
    effects = np.zeros((len(level), 7))
    for weekday in range(7):
        effects[:, weekday] = known_median(departure[:, position == weekday])
    return np.nan_to_num(effects)[:, position]

"""Level shifts: when a series last changed its level for good.

A daily comparison in logarithms with the weekday's own effect taken out. A shift is called where
the median day after it lies clearly outside the days before it and stays there; a day's outage, a
weekend of zeros or a burst is none.
"""

import warnings

import numpy as np

from forecasts.frames import DAY_HOURS, FloatArray
from forecasts.panel import Panel

#: Days after a shift before it counts as one; a shorter change is an outage or a burst.
_MIN_DAYS = 2
#: Shifts older than this no longer matter: the level forgets by itself.
_MAX_DAYS = 28
_BEFORE_DAYS = 14
_MIN_BEFORE_DAYS = 4
#: The smallest change of level, as a ratio, that is worth forgetting the past for.
_MIN_RATIO = 1.4
_MIN_SCORE = 5.0
#: Days are compared on log(day + this share of the typical day): zero days are low, not infinite.
_FLOOR = 0.05
_MIN_SPREAD = 0.05


def hours_since_shift(panel: Panel) -> np.ndarray:
    """Hours at the panel's end that belong to the present level.

    Returns:
        (series,) whole days in hours; the hours of the panel where no shift was found.
    """
    return np.where((days := _days_since_shift(panel)) > 0, days * DAY_HOURS, panel.hours)


def _days_since_shift(panel: Panel) -> np.ndarray:
    """(series,) days since the clearest shift of the last weeks, 0 where there is none."""
    level = _daily_levels(panel.y)
    days = level.shape[1]
    best = np.zeros(len(level))
    found = np.zeros(len(level), dtype=np.intp)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        for after in range(_MIN_DAYS, min(_MAX_DAYS, days - _MIN_BEFORE_DAYS) + 1):
            score = _score(
                level[:, max(days - after - _BEFORE_DAYS, 0) : days - after],
                level[:, days - after :],
            )
            better = score > best
            best, found = np.where(better, score, best), np.where(better, after, found)
    return np.where(best >= _MIN_SCORE, found, 0)


def _score(before: FloatArray, after: FloatArray) -> FloatArray:
    """How many standard errors two runs of days are apart; 0 unless they hardly overlap."""
    low, high = np.nanmedian(before, axis=1), np.nanmedian(after, axis=1)
    step = high - low
    rest = np.concatenate([before - low[:, None], after - high[:, None]], axis=1)
    spread = np.maximum(1.4826 * np.nanmedian(np.abs(rest), axis=1), _MIN_SPREAD)
    known = [(~np.isnan(part)).sum(axis=1) for part in (before, after)]
    error = spread * np.sqrt(1.0 / np.maximum(known[0], 1) + 1.0 / np.maximum(known[1], 1))
    up = np.sign(step)[:, None]
    # The least extreme day after (but one in five) lies outside of the days before.
    clear = np.nanquantile(after * up, 0.2, axis=1) > np.nanquantile(before * up, 0.9, axis=1)
    enough = (known[0] >= _MIN_BEFORE_DAYS) & (known[1] >= _MIN_DAYS)
    large = np.abs(step) >= np.log(_MIN_RATIO)
    return np.where(clear & enough & large, np.abs(step) / error, 0.0)


def _daily_levels(y: FloatArray) -> FloatArray:
    """(series, days) logarithms of daily means, days counted back from the end, weekdays levelled."""
    days = y.shape[1] // DAY_HOURS
    if days == 0:
        return np.empty((len(y), 0))
    hourly = y[:, y.shape[1] - days * DAY_HOURS :].reshape(len(y), days, DAY_HOURS)
    known = (~np.isnan(hourly)).sum(axis=2)
    total = np.nansum(hourly, axis=2)
    # A day of which less than half is known could be a night.
    mean = np.where(known >= DAY_HOURS // 2, total / np.maximum(known, 1), np.nan)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        typical = np.nanmedian(np.where(mean > 0.0, mean, np.nan), axis=1)
        typical = np.where(typical > 0.0, typical, 1.0)
        level = np.log(mean / typical[:, None] + _FLOOR)
        return level - _weekday_effects(level)


def _weekday_effects(level: FloatArray) -> FloatArray:
    """What a weekday differs from the week around it; 0 with less than three weeks to tell."""
    days = level.shape[1]
    if days < 21:
        return np.zeros_like(level)
    around = np.full_like(level, np.nan)
    for day in range(3, days - 3):
        around[:, day] = np.nanmedian(level[:, day - 3 : day + 4], axis=1)
    departure = level - around
    position = (np.arange(days) - days) % 7
    effects = np.zeros((len(level), 7))
    for weekday in range(7):
        effects[:, weekday] = np.nanmedian(departure[:, position == weekday], axis=1)
    return np.nan_to_num(effects)[:, position]

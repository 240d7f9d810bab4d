"""The shape of a week: each hour relative to the level around it, as far as one shows."""

from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

from forecasts.frames import DAY_HOURS, WEEK_HOURS, FloatArray
from forecasts.panel import Panel

#: A day's profile counts as so many weeks of one hour of the week.
_DAY_WEIGHT = 2.0
#: What a shape fits, counted in free hours: a working day and a day off.
_SHAPE_PARAMETERS = 48
#: Hours on each side of the level that an hour is compared with.
_HALF_WEEK = WEEK_HOURS // 2


def hour_of_week(ds: pd.DatetimeIndex) -> np.ndarray:
    """Monday 00:00 is 0, Sunday 23:00 is 167."""
    return (ds.dayofweek * DAY_HOURS + ds.hour).to_numpy(dtype=np.intp)


def rolling_mean(y: FloatArray, before: int, after: int = 0) -> FloatArray:
    """Mean of the known hours from `before` hours back to `after` hours ahead, this one included.

    Args:
        y: (series, hours), NaN where unknown.
        before: Hours before each hour.
        after: Hours after it.

    Returns:
        (series, hours), NaN where none is known.
    """
    return next(rolling_means(y, [(before, after)]))


def rolling_means(y: FloatArray, windows: Iterable[tuple[int, int]]) -> Iterator[FloatArray]:
    """Yield `rolling_mean` for several windows (hours before, hours after) of the same series."""
    known = ~np.isnan(y)
    totals = _running_sum(np.where(known, y, 0.0))
    counts = _running_sum(known.astype(np.float64))
    for before, after in windows:
        total, count = _window(totals, before, after), _window(counts, before, after)
        yield np.divide(total, count, out=np.full(y.shape, np.nan), where=count > 0.5)


def known_median(values: FloatArray) -> FloatArray:
    """Median of the known values along the last axis; NaN where none is known."""
    if not values.shape[-1]:
        return np.full(values.shape[:-1], np.nan)
    ordered = np.sort(values, axis=-1)
    count = (~np.isnan(ordered)).sum(axis=-1, keepdims=True)
    low, high = np.maximum((count - 1) // 2, 0), np.minimum(count // 2, values.shape[-1] - 1)
    middle = np.take_along_axis(ordered, low, -1) + np.take_along_axis(ordered, high, -1)
    return 0.5 * middle[..., 0]


def last_known(values: FloatArray) -> FloatArray:
    """(series,) newest known value of (series, hours); NaN where there is none."""
    known = ~np.isnan(values[:, ::-1])
    return values[:, ::-1][np.arange(len(values)), np.argmax(known, axis=1)]


def week_shapes(panel: Panel) -> FloatArray:
    """Typical ratio of each hour of the week to the week around it.

    The mean ratio of an hour of the week is drawn towards that of the hour of day on like days
    (working days, Saturday and Sunday), and this one towards 1, by how much of what is seen would
    be chance: bursts without a season keep a flat shape.

    Returns:
        (series, 168), mean 1, not negative; 1 everywhere for series without two known days.
    """
    return _shapes(_ratios(panel), hour_of_week(panel.ds))


def season_strength(panel: Panel) -> FloatArray:
    """(series,) share of the hours' variance around their level that the week's shape explains."""
    ratio, how = _ratios(panel), hour_of_week(panel.ds)
    rest = _noise(ratio, _shapes(ratio, how)[:, how])
    whole = _noise(ratio, np.ones_like(ratio))
    known = (~np.isnan(ratio)).sum(axis=1)
    # Adjusted for what a shape explains of mere chance: all of it, with hours enough for one each.
    freedom = known / np.maximum(known - _SHAPE_PARAMETERS, 1.0)
    share = np.divide(rest, whole, out=np.ones_like(rest), where=whole > 0.0)
    strength = np.where(known > 2 * _SHAPE_PARAMETERS, 1.0 - share * freedom, 0.0)
    return np.clip(strength, 0.0, 1.0)


def _ratios(panel: Panel) -> FloatArray:
    """Each hour over the mean of the week around it, within bounds; NaN where unknown."""
    level = rolling_mean(panel.y, _HALF_WEEK, _HALF_WEEK)
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.where(level > 0.0, panel.y / level, np.nan)
    # One hour of fifty times the level says little about its hour of the week.
    return np.minimum(ratio, 5.0)


def _shapes(ratio: FloatArray, how: np.ndarray) -> FloatArray:
    by_week, count = _group_mean(ratio, how, WEEK_HOURS)
    day_of = np.arange(WEEK_HOURS) // DAY_HOURS
    kind = np.where(day_of < 5, 0, day_of - 4) * DAY_HOURS + np.arange(WEEK_HOURS) % DAY_HOURS
    by_kind, kind_count = _group_mean(ratio, kind[how], 3 * DAY_HOURS)
    by_day, day_count = _group_mean(ratio, how % DAY_HOURS, DAY_HOURS)
    noise = _noise(ratio, by_day[:, how % DAY_HOURS])
    by_day = _shrunk(by_day, day_count, np.ones_like(by_day), noise)
    wide_day = by_day[:, np.arange(3 * DAY_HOURS) % DAY_HOURS]
    noise = _noise(ratio, np.where(np.isnan(by_kind), wide_day, by_kind)[:, kind[how]])
    by_kind = _shrunk(by_kind, kind_count, wide_day, noise)
    prior = by_kind[:, kind]
    shape = np.where(
        count > 0, (by_week * count + prior * _DAY_WEIGHT) / (count + _DAY_WEIGHT), prior
    )
    mean = shape.mean(axis=1, keepdims=True)
    return np.where(mean > 0.0, shape / np.where(mean > 0.0, mean, 1.0), 1.0)


def _shrunk(
    profile: FloatArray, count: FloatArray, prior: FloatArray, noise: FloatArray
) -> FloatArray:
    """James and Stein: keep the part of a profile's departure from `prior` that is not chance."""
    departure = np.where(count > 0, profile - prior, 0.0)
    chance = noise[:, None] / np.maximum(count, 1.0)
    seen = (departure**2).sum(axis=1)
    expected = np.where(count > 0, chance, 0.0).sum(axis=1)
    kept = np.where(
        seen > 0.0, np.maximum(1.0 - expected / np.where(seen > 0.0, seen, 1.0), 0.0), 0.0
    )
    return prior + kept[:, None] * departure


def _noise(ratio: FloatArray, fitted: FloatArray) -> FloatArray:
    """(series,) variance of the ratios around their profile; 0 where nothing is known."""
    square = (ratio - fitted) ** 2
    known = ~np.isnan(square)
    return np.where(known, square, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)


def _group_mean(
    values: FloatArray, group: np.ndarray, groups: int
) -> tuple[FloatArray, FloatArray]:
    """Mean of the known values of each group of hours, and how many there are."""
    known = ~np.isnan(values)
    member = np.zeros((values.shape[1], groups))
    member[np.arange(values.shape[1]), group] = 1.0
    count = known.astype(np.float64) @ member
    total = np.where(known, values, 0.0) @ member
    return np.divide(total, count, out=np.zeros_like(total), where=count > 0), count


def _running_sum(values: FloatArray) -> FloatArray:
    """(series, hours + 1) sums of the hours before each."""
    sums = np.zeros((values.shape[0], values.shape[1] + 1))
    np.cumsum(values, axis=1, out=sums[:, 1:])
    return sums


def _window(sums: FloatArray, before: int, after: int) -> FloatArray:
    """(series, hours) sums over each hour's window, from running ones."""
    hours = np.arange(sums.shape[1] - 1)
    last = np.minimum(hours + after + 1, len(hours))
    first = np.maximum(hours - before, 0)
    return np.take(sums, last, axis=1) - np.take(sums, first, axis=1)

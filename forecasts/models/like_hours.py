"""Quantiles of like hours: what happened at this hour of the week, lately, weighs most."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from forecasts.frames import DAY_HOURS, LEVELS, WEEK_HOURS, FloatArray, proper
from forecasts.panel import Panel
from forecasts.shapes import hour_of_week, last_known, rolling_mean, season_strength, week_shapes

#: Older hours weigh nothing; the cost of a forecast does not grow with the age of a series.
_MAX_HOURS = 8 * WEEK_HOURS
#: The past is raised or lowered to the present level at most so many times.
_MOST = 20.0
#: Widths of the kernel over the hour of day beyond which an hour weighs nothing.
_REACH = 2.5
#: A level counts as this share of the mean at least.
_LEAST = 0.02
#: A week's shape counts for nothing below the first share of variance, and in full at the second.
_CLEAR = (0.4, 0.7)
#: An hour of the week is compared as this share of the mean hour at least.
_LEAST_SHAPE = 0.05


@dataclass(frozen=True)
class LikeHours:
    """The weighted empirical distribution of past hours, per hour of the week.

    A past hour weighs by its age, by how near its hour of day is, and by whether it lies on the
    same weekday, on a like day (both working days or both weekend) or on another one. A clear
    shape of the week is taken out first. It assumes nothing about the distribution: bursts and
    silence come as often as they came, and the answer scales with the series.

    Attributes:
        name: The model's name.
        half_life: Hours after which an hour weighs half.
        hour_width: Standard deviation in hours of the kernel over the hour of day.
        like_day: Weight of an hour on a like day against one on the same weekday.
        other_day: Weight of an hour on any other day.
        level_hours: Hours whose mean is the level that the past is moved to, each past hour by
            the ratio of the present level to the level around it; 0 leaves the past as it was.
    """

    name: str = "like_hours"
    half_life: float = 2.0 * WEEK_HOURS
    hour_width: float = 0.8
    like_day: float = 0.6
    other_day: float = 0.1
    level_hours: int = 0

    def predict(self, panel: Panel, horizon: int, levels: Sequence[float] = LEVELS) -> FloatArray:
        """Predict `horizon` hours; see `Forecaster.predict`."""
        y = panel.y[:, -_MAX_HOURS:]
        lost = np.isnan(y).sum(axis=1) == y.shape[1]
        if lost.any():
            y = np.where(lost.reshape(-1, 1), last_known(panel.y)[:, None], y)
        past = hour_of_week(panel.ds[-_MAX_HOURS:])
        shape = _clear_shape(panel)
        y = y / shape[:, past]
        if self.level_hours:
            y = _at_present_level(y, self.level_hours)
        week = self._week(y, past, np.asarray(levels)) * shape[:, :, None]
        return proper(week[:, hour_of_week(panel.future(horizon))])

    def _week(self, y: FloatArray, past: np.ndarray, levels: FloatArray) -> FloatArray:
        """(series, 168, levels) quantiles of each hour of the week."""
        reach = min(int(np.ceil(_REACH * self.hour_width)), DAY_HOURS // 2)
        # A wide kernel changes little from one hour to the next: every third hour says it all.
        step = 3 if self.hour_width >= 2.0 else 1
        hours = np.arange(0, DAY_HOURS, step)
        recency = self._recency(y.shape[1])
        ordered = _ordered(y)
        everything = _weighted_quantiles(ordered, recency[None, :], levels)
        found = np.empty((len(y), 7, len(hours), len(levels)))
        for place, hour in enumerate(hours.tolist()):
            near = _apart(past % DAY_HOURS, hour) <= reach
            weights = self._weights(past, hour) * recency
            found[:, :, place] = _weighted_quantiles(
                ordered.only(near), weights, levels, everything
            )
        answers = found.reshape(len(y), -1, len(levels))
        if step == 1:
            return answers
        at = np.arange(WEEK_HOURS) // step
        share = (np.arange(WEEK_HOURS) % step / step)[None, :, None]
        following = answers[:, (at + 1) % answers.shape[1]]
        return (1.0 - share) * answers[:, at] + share * following

    def _recency(self, hours: int) -> FloatArray:
        return 0.5 ** (np.arange(hours)[::-1] / self.half_life)

    def _weights(self, past: np.ndarray, hour: int) -> FloatArray:
        """(7, past hours) weights for an hour on each day of the week, without recency."""
        near = np.exp(-0.5 * (_apart(past % DAY_HOURS, hour) / self.hour_width) ** 2)
        wanted, seen = np.arange(7)[:, None], past[None, :] // DAY_HOURS
        like = (wanted >= 5) == (seen >= 5)
        return near * np.where(wanted == seen, 1.0, np.where(like, self.like_day, self.other_day))


def like_hours_family() -> tuple[LikeHours, LikeHours, LikeHours]:
    """Three views of the past: as it was, with little regard to the hour, at the present level."""
    seasonal = LikeHours()
    flat = LikeHours("like_hours_flat", float(WEEK_HOURS), 3.0, like_day=0.8, other_day=0.5)
    level = replace(flat, name="like_hours_level", level_hours=3 * DAY_HOURS)
    return seasonal, flat, level


@lru_cache(maxsize=4)
def _clear_shape(panel: Panel) -> FloatArray:
    """(series, 168) shape of the week of those series that clearly have one, else 1.

    Taken out before hours are compared and given back after: a steep morning then adds nothing
    to the spread of its neighbours. A shape that explains little would add its own noise.
    """
    least, most = _CLEAR
    share = np.clip((season_strength(panel) - least) / (most - least), 0.0, 1.0)[:, None]
    shape = np.maximum(1.0 + share * (week_shapes(panel) - 1.0), _LEAST_SHAPE)
    shape.flags.writeable = False
    return shape


def _at_present_level(y: FloatArray, hours: int) -> FloatArray:
    """Multiply each hour by the present level over the level around it, within bounds."""
    around = rolling_mean(y, hours // 2, hours // 2)
    now = last_known(rolling_mean(y, hours - 1))[:, None]
    least = _LEAST * np.nanmean(y, axis=1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.fmax(now, least) / np.fmax(around, least)
    return y * np.clip(np.nan_to_num(ratio, nan=1.0), 1.0 / _MOST, _MOST)


def _apart(hours: np.ndarray, hour: int) -> np.ndarray:
    """Hours between hours of the day, the short way around the clock."""
    distance = np.abs(hours - hour)
    return np.minimum(distance, DAY_HOURS - distance)


@dataclass(frozen=True)
class _Ordered:
    """Hours by size, sorted once for all the hours of the day that look at some of them.

    Attributes:
        hours: (series, hours looked at) positions in the history.
        values: (series, hours looked at) what was then, ascending, the unknown ones last.
    """

    hours: np.ndarray
    values: FloatArray

    def only(self, wanted: np.ndarray) -> "_Ordered":
        """Keep the hours of a mask over the history."""
        kept = np.flatnonzero(wanted[self.hours]).reshape(len(self.hours), int(wanted.sum()))
        return _Ordered(self.hours.take(kept), self.values.take(kept))


def _ordered(y: FloatArray) -> _Ordered:
    order = np.argsort(y, axis=1, kind="stable")
    return _Ordered(order, np.take_along_axis(y, order, axis=1))


def _weighted_quantiles(
    ordered: _Ordered,
    weights: FloatArray,
    levels: FloatArray,
    otherwise: FloatArray | None = None,
) -> FloatArray:
    """(series, rows of weights, levels) quantiles of the known hours under each row of weights.

    Each value stands at the middle of its own weight and quantiles lie on the lines between.

    Args:
        ordered: The hours to look at.
        weights: (rows, hours of the history), above 0 where looked at.
        levels: Quantile levels.
        otherwise: (series, 1, levels) answer for series of which no hour is known.
    """
    values = ordered.values
    if otherwise is not None and not values.shape[1]:
        return np.repeat(otherwise, len(weights), axis=1)
    known = ~np.isnan(values)
    weight = np.take(weights.T.astype(np.float32), ordered.hours, axis=0)
    weight = np.ascontiguousarray(np.swapaxes(weight, 1, 2))
    if not known.all():
        weight *= known[:, None, :]
    middle = np.cumsum(weight, axis=2)
    total = middle[:, :, -1:].copy()
    middle -= np.float32(0.5) * weight
    # Unknown hours sort last: they carry no weight and repeat the last known value.
    last = np.maximum(known.sum(axis=1) - 1, 0)
    values = np.where(known, values, values[np.arange(len(values)), last][:, None])
    answers = _interpolated(middle, levels * total, values)
    if otherwise is None:
        return answers
    return np.where(np.any(known, axis=1).reshape(-1, 1, 1), answers, otherwise)


def _interpolated(at: np.ndarray, wanted: FloatArray, values: FloatArray) -> FloatArray:
    """Read values at wanted positions, a line between neighbours and the ends beyond them.

    Args:
        at: (series, rows, values) positions, ascending along each row.
        wanted: (series, rows, levels) positions to read.
        values: (series, values) ascending.

    Returns:
        (series, rows, levels).
    """
    series, row = np.arange(at.shape[0])[:, None, None], np.arange(at.shape[1])[None, :, None]
    most = values.shape[1]
    low = np.zeros(wanted.shape, dtype=np.intp)
    high = np.full(wanted.shape, most, dtype=np.intp)
    # Bisection in all rows at once: the first position that is not below what is wanted.
    for _ in range(int(most).bit_length()):
        middle = (low + high) // 2
        below = (at[series, row, np.minimum(middle, most - 1)] < wanted) & (middle < high)
        low, high = np.where(below, middle + 1, low), np.where(below, high, middle)
    above = np.minimum(low, most - 1)
    under = np.maximum(above - 1, 0)
    left, right = at[series, row, under], at[series, row, above]
    share = np.clip((wanted - left) / np.where(right > left, right - left, 1.0), 0.0, 1.0)
    share = np.where(low == 0, 1.0, share)
    lower, upper = values[series, under], values[series, above]
    return lower + share * (upper - lower)

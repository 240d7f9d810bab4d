"""Quantiles of like hours: what happened at this hour of the week, lately, weighs most."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from forecasts.frames import DAY_HOURS, LEVELS, WEEK_HOURS, FloatArray, proper
from forecasts.panel import Panel
from forecasts.shapes import hour_of_week, last_known, rolling_mean

#: Older hours weigh nothing; the cost of a forecast does not grow with the age of a series.
_MAX_HOURS = 8 * WEEK_HOURS
#: The past is raised or lowered to the present level at most so many times.
_MOST = 20.0
#: A level counts as this share of the mean at least.
_LEAST = 0.02


@dataclass(frozen=True)
class LikeHours:
    """The weighted empirical distribution of past hours, per hour of the week.

    A past hour weighs by its age, by how near its hour of day is, and by whether it lies on the
    same weekday, on a like day (both working days or both weekend) or on another one. It assumes
    nothing about the distribution: bursts and silence come as often as they came, and the answer
    scales with the series.

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
        lost = np.isnan(y).all(axis=1)
        if lost.any():
            y = np.where(lost[:, None], last_known(panel.y)[:, None], y)
        if self.level_hours:
            y = _at_present_level(y, self.level_hours)
        past = hour_of_week(panel.ds[-_MAX_HOURS:])
        ahead = hour_of_week(panel.future(min(horizon, WEEK_HOURS)))
        answers = _weighted_quantiles(y, self._weights(past, ahead), np.asarray(levels))
        return proper(answers[:, np.arange(horizon) % WEEK_HOURS])

    def _weights(self, past: np.ndarray, ahead: np.ndarray) -> FloatArray:
        """(wanted hours, past hours) weights, the same for every series."""
        age = np.arange(len(past))[::-1]
        hour = np.abs(ahead[:, None] % DAY_HOURS - past[None, :] % DAY_HOURS)
        hour = np.minimum(hour, DAY_HOURS - hour)
        near = np.exp(-0.5 * (hour / self.hour_width) ** 2)
        day_ahead, day_past = ahead[:, None] // DAY_HOURS, past[None, :] // DAY_HOURS
        like = (day_ahead >= 5) == (day_past >= 5)
        day = np.where(day_ahead == day_past, 1.0, np.where(like, self.like_day, self.other_day))
        # Never quite zero, so that an hour of the week never seen takes what there is.
        return 0.5 ** (age / self.half_life)[None, :] * np.maximum(near * day, 1e-6)


def like_hours_family() -> tuple[LikeHours, ...]:
    """Three views of the past: as it was, hardly seasonal, and moved to the present level."""
    seasonal = LikeHours()
    flat = replace(
        seasonal,
        name="like_hours_flat",
        half_life=float(WEEK_HOURS),
        hour_width=3.0,
        like_day=0.8,
        other_day=0.5,
    )
    level = replace(
        seasonal, name="like_hours_level", half_life=float(WEEK_HOURS), level_hours=3 * DAY_HOURS
    )
    return seasonal, flat, level


def _at_present_level(y: FloatArray, hours: int) -> FloatArray:
    """Multiply each hour by the present level over the level around it, as a ratio within bounds."""
    around = rolling_mean(y, hours // 2, hours // 2)
    now = last_known(rolling_mean(y, hours - 1))[:, None]
    least = _LEAST * np.nanmean(y, axis=1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.fmax(now, least) / np.fmax(around, least)
    return y * np.clip(np.nan_to_num(ratio, nan=1.0), 1.0 / _MOST, _MOST)


def _weighted_quantiles(y: FloatArray, weights: FloatArray, levels: FloatArray) -> FloatArray:
    """(series, wanted hours, levels) quantiles of the known hours under each row of weights.

    Each value stands at the middle of its own weight and quantiles lie on the lines between.
    """
    answers = np.empty((len(y), len(weights), len(levels)))
    weights = weights.astype(np.float32)
    for series, values in enumerate(y):
        known = np.flatnonzero(~np.isnan(values))
        order = known[np.argsort(values[known], kind="stable")]
        weight = np.take(weights, order, axis=1)
        middle = np.cumsum(weight, axis=1)
        total = middle[:, -1].copy()
        weight *= np.float32(0.5)
        middle -= weight
        answers[series] = _interpolated(middle, levels[None, :] * total[:, None], values[order])
    return answers


def _interpolated(at: np.ndarray, wanted: FloatArray, values: FloatArray) -> FloatArray:
    """Read values at wanted positions, a line between neighbours and the ends beyond them.

    Args:
        at: (rows, values) positions, ascending along each row.
        wanted: (rows, levels) positions to read.
        values: (values,) ascending.

    Returns:
        (rows, levels).
    """
    row = np.arange(len(at))[:, None]
    low = np.zeros(wanted.shape, dtype=np.intp)
    high = np.full(wanted.shape, len(values), dtype=np.intp)
    # Bisection in all rows at once: the first position that is not below what is wanted.
    for _ in range(int(len(values)).bit_length()):
        middle = (low + high) // 2
        below = at[row, np.minimum(middle, len(values) - 1)] < wanted
        below &= middle < high
        low, high = np.where(below, middle + 1, low), np.where(below, high, middle)
    above = np.minimum(low, len(values) - 1)
    under = np.maximum(above - 1, 0)
    left, right = at[row, under], at[row, above]
    width = np.where(right > left, right - left, 1.0)
    share = np.clip((wanted - left) / width, 0.0, 1.0)
    share = np.where(low == 0, 1.0, share)
    return values[under] + share * (values[above] - values[under])

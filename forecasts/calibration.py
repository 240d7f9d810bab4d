"""Quantiles that hold: widths corrected by how past forecasts of all series turned out.

Conformal in spirit (Vovk, Gammerman and Shafer 2005; Romano, Patterson and Candes 2019): how far
demand came to lie from the median, in units of the width that was forecast, pooled over series and
past cutoffs. In units of a forecast's own width a small series and a large one, and the time before
a level shift and after it, speak of the same thing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from forecasts.frames import DAY_HOURS, WEEK_HOURS, FloatArray, proper
from forecasts.panel import Panel
from forecasts.shapes import known_median
from forecasts.shifts import daily_levels

#: Last hour of each stretch of the horizon that has widths of its own.
STRETCHES = (DAY_HOURS, WEEK_HOURS)
#: A few first days hold no evidence of what a smaller share of hours exceeds: all hours do.
_RARE = 0.02
#: A cutoff counts this share of the next newer one: widths adapt to how it went lately.
_FOLD_DECAY = 0.85
#: Pooled evidence counts in series and cutoffs; so many are needed to move half of the way.
_PANEL_PRIOR = 20.0
_SERIES_PRIOR = 8.0
_BOUNDS = (0.85, 4.0)
#: After one week the next level lies so many times the spread of the days away, as one deviation.
_FIRST_WEEK = 2.0
_LEAST_WEEKS = 0.5
#: The spread of days that is taken before any is seen, and the days that it counts as.
_DAY_SPREAD, _PRIOR_DAYS = 0.5, 2.0
#: Days that count, and the logarithm of a day's level that counts as no more.
_LEVEL_DAYS, _LARGEST = 28, 1.5
#: Widths of less than this share of the median hour are nothing to divide by.
_LEAST_WIDTH = 0.01
#: Sums of weights that differ by less are the same sum, rounded otherwise.
_HAIR = 1e-9


@dataclass(frozen=True)
class Turned:
    """How a past forecast turned out.

    Attributes:
        rows: (series of the fold,) their positions in the whole panel.
        quantiles: (series of the fold, hours, levels) what was forecast.
        actual: (series of the fold, hours) what came, NaN where unknown.
    """

    rows: np.ndarray
    quantiles: FloatArray
    actual: FloatArray


def new_levels(panel: Panel, seen: Panel) -> FloatArray:
    """How far a series may go from the levels it has been seen at.

    Of levels there is about one a week, so that a few weeks of hours hold few of them; a series
    whose days differ much goes farther.

    Args:
        panel: The history.
        seen: What the models are shown of it: new series with a lent past, shifts undone.

    Returns:
        (series,) standard deviation of the level to come, as a share of the median.
    """
    weeks = np.maximum((panel.hours - panel.first_hours()) / WEEK_HOURS, _LEAST_WEEKS)
    days = daily_levels(seen.y)[:, -_LEVEL_DAYS:]
    known = ~np.isnan(days)
    apart = np.clip(days - known_median(days)[:, None], -_LARGEST, _LARGEST)
    squares = np.where(known, apart, 0.0) ** 2
    total = squares.sum(axis=1) + _PRIOR_DAYS * _DAY_SPREAD**2
    return _FIRST_WEEK / weeks * np.sqrt(total / (known.sum(axis=1) + _PRIOR_DAYS))


def with_new_levels(
    quantiles: FloatArray, deviation: FloatArray, levels: Sequence[float]
) -> FloatArray:
    """Widen quantiles of the hours seen by levels not seen: errors independent, squares add.

    Args:
        quantiles: (series, horizon, levels) from the spread of what was seen.
        deviation: (series,) of the level, as a share of the median; see `new_levels`.
        levels: Quantile levels; 0.5 among them.

    Returns:
        (series, horizon, levels) with the same median.
    """
    median = quantiles[:, :, list(levels).index(0.5), None]
    normal = np.array([NormalDist().inv_cdf(level) for level in levels])
    level = median * normal * deviation[:, None, None]
    return proper(median + np.sign(normal) * np.hypot(quantiles - median, level))


def width_factors(past: Sequence[Turned], levels: Sequence[float], series: int) -> FloatArray:
    """Factors for the distance of each quantile from the median.

    Args:
        past: Past forecasts, oldest first.
        levels: The levels of their quantiles; 0.5 among them.
        series: Series of the whole panel.

    Returns:
        (series, stretches, levels), 1 where nothing was learnt.
    """
    factors = np.ones((series, len(STRETCHES), len(levels)))
    first = 0
    for stretch, last in enumerate(STRETCHES):
        for column, level in enumerate(levels):
            if level != 0.5:
                seen = slice(None) if 1.0 - level < _RARE else slice(first, last)
                parts = [_scores(t, seen, column, levels) for t in past]
                factors[:, stretch, column] = _factors(past, parts, level, series)
        first = last
    return factors


def widened(quantiles: FloatArray, factors: FloatArray, levels: Sequence[float]) -> FloatArray:
    """Apply factors to (series, horizon, levels) quantiles; the last stretch's hold beyond it."""
    stretch = np.searchsorted(STRETCHES[:-1], np.arange(quantiles.shape[1]), side="right")
    median = quantiles[:, :, list(levels).index(0.5), None]
    return proper(median + (quantiles - median) * factors[:, stretch])


def _scores(turned: Turned, hours: slice, column: int, levels: Sequence[float]) -> FloatArray:
    """(series of the fold, hours) distance from the median in forecast widths, NaN if unknown."""
    middle = list(levels).index(0.5)
    quantiles, actual = turned.quantiles[:, hours], turned.actual[:, hours]
    median = quantiles[:, :, middle]
    side = 1.0 if levels[column] > 0.5 else -1.0
    width = side * (quantiles[:, :, column] - median)
    if not median.shape[1]:
        return np.empty_like(actual)
    least = _LEAST_WIDTH * median.mean(axis=1, keepdims=True)
    width = np.maximum(width, least)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(width > 0.0, side * (actual - median) / width, np.nan)


def _factors(
    past: Sequence[Turned], parts: Sequence[FloatArray], level: float, series: int
) -> FloatArray:
    """(series,) factors at one level: the panel's, moved by each series' own."""
    share = max(level, 1.0 - level)
    rows = [np.repeat(t.rows, part.shape[1]) for t, part in zip(past, parts, strict=True)]
    ages = [np.full(part.size, len(parts) - 1 - n) for n, part in enumerate(parts)]
    if not rows:
        return np.ones(series)
    row, score, age = (np.concatenate(p) for p in (rows, [p.ravel() for p in parts], ages))
    known = ~np.isnan(score)
    row, score, weight = row[known], score[known], _FOLD_DECAY ** age[known]
    if not len(row):
        return np.ones(series)
    folds = np.zeros(series)
    for ago, turned in enumerate(reversed(past)):
        folds[turned.rows] += _FOLD_DECAY**ago
    together = _quantiles(np.zeros_like(row), score, weight, share, 1)[0]
    panel = float(_shrunk(together, folds.sum(), _PANEL_PRIOR))
    own = _quantiles(row, score, weight, share, series) / panel
    own = np.where(np.isnan(own), 1.0, own)
    return np.clip(panel * _shrunk(own, folds, _SERIES_PRIOR), *_BOUNDS)


def _shrunk(factor: FloatArray, evidence: FloatArray, prior: float) -> FloatArray:
    """Move factors of 1 part of the way, in logarithms."""
    return np.clip(factor, *_BOUNDS) ** (evidence / (evidence + prior))


def _quantiles(
    group: np.ndarray, values: FloatArray, weights: FloatArray, share: float, groups: int
) -> FloatArray:
    """(groups,) weighted quantile of each group's values; NaN for a group without one."""
    order = np.lexsort((values, group))
    values, total = values[order], np.cumsum(weights[order])
    last = np.searchsorted(group[order], np.arange(groups), side="right")
    first = np.append(0, last[:-1])
    until = np.append(0.0, total)
    wanted = until[first] + share * (until[last] - until[first]) - _HAIR
    at = np.clip(np.searchsorted(total, wanted), first, np.maximum(last - 1, first))
    return np.where(last > first, values[np.minimum(at, len(values) - 1)], np.nan)

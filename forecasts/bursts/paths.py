"""Simulated futures of one series: the forecast's own spread, and bursts on top of it."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from forecasts.bursts.process import BurstProcess
from forecasts.frames import QUANTILES, FloatArray

PATHS = 400
_SEED = 20240229
_LEVELS = np.array(list(QUANTILES.values()))
#: The published levels and their mirror below the median.
_BOTH_SIDES = np.concatenate([1.0 - _LEVELS[:0:-1], _LEVELS])


@dataclass(frozen=True)
class Paths:
    """Simulated demand of one series.

    Attributes:
        demand: (paths, horizon) with bursts.
        calm: (paths, horizon) the same futures without them.
    """

    demand: FloatArray
    calm: FloatArray


def simulate(process: BurstProcess, row: int, quantiles: FloatArray, paths: int = PATHS) -> Paths:
    """Draw futures of one series; the same for the same input.

    Calm demand follows the forecast's quantiles hour by hour, up to the threshold of a burst;
    neighbouring hours deviate together, as they did in the past. What lies above the threshold is
    left to the bursts, else it would count twice.

    Args:
        process: The burst process.
        row: The series.
        quantiles: (horizon, 5) forecast.
        paths: How many futures.
    """
    threshold, margin = process.season.ahead[row], process.season.margin[row]
    calm = _at_levels(quantiles, *_places(_persistence(process, row), paths, len(quantiles)))
    calm = np.minimum(calm, np.maximum(threshold, quantiles[:, 0]))
    # Where nothing is usual yet a burst starts from the forecast.
    floor = np.where(np.isinf(threshold), quantiles[:, 0] + margin, threshold)
    floor = np.maximum(floor, quantiles[:, 0])
    height = _heights(process, row, np.random.default_rng(_SEED), paths)
    burst = np.where(height > 0.0, floor + margin * height, calm)
    return Paths(demand=np.maximum(burst, calm), calm=calm)


@lru_cache(maxsize=32)
def _places(persistence: float, paths: int, horizon: int) -> tuple[np.ndarray, FloatArray]:
    """Draw ranks that are correlated from hour to hour (Gaussian copula, AR 1).

    They are the same for all series of one persistence, which has few values.

    Returns:
        For each (path, hour) the level below its rank, and the share of the way to the next.
    """
    from scipy.signal import lfilter
    from scipy.special import ndtr

    noise = np.random.default_rng(_SEED).standard_normal((paths, horizon))
    noise[:, 1:] *= np.sqrt(1.0 - persistence**2)
    ranks = ndtr(lfilter([1.0], [1.0, -persistence], noise, axis=1))
    ranks = np.clip(ranks, _BOTH_SIDES[0], _BOTH_SIDES[-1])
    left = np.searchsorted(_BOTH_SIDES, ranks, side="right") - 1
    left = np.clip(left, 0, len(_BOTH_SIDES) - 2)
    share = (ranks - _BOTH_SIDES[left]) / (_BOTH_SIDES[left + 1] - _BOTH_SIDES[left])
    return left.astype(np.int8), share


def _persistence(process: BurstProcess, row: int) -> float:
    """Rank correlation of neighbouring hours' deviations from usual, in twentieths, 0 to .95."""
    from scipy.stats import rankdata

    deviation = process.season.y[row] - process.season.threshold[row]
    pair = ~np.isnan(deviation[1:]) & ~np.isnan(deviation[:-1])
    one, next_one = deviation[:-1][pair], deviation[1:][pair]
    if one.size < 2 or np.ptp(one) == 0.0 or np.ptp(next_one) == 0.0:
        return 0.0
    found = np.corrcoef(rankdata(one), rankdata(next_one))[0, 1]
    return round(float(np.clip(found, 0.0, 0.95)) * 20) / 20


def _at_levels(quantiles: FloatArray, left: np.ndarray, share: FloatArray) -> FloatArray:
    """Demand at these ranks: a line between the levels, mirrored below the median, flat outside."""
    below = np.maximum(2.0 * quantiles[:, :1] - quantiles[:, :0:-1], 0.0)
    values = np.concatenate([below, quantiles], axis=1)
    steps = np.diff(values, axis=1)
    hour = np.arange(values.shape[0])
    return values[hour, left] + share * steps[hour, left]


def _heights(
    process: BurstProcess, row: int, generator: np.random.Generator, paths: int
) -> FloatArray:
    """(paths, horizon) excess of simulated bursts in margins; 0 where there is none."""
    rate, shape = process.rates.per_hour[row], process.rates.dispersion[row]
    horizon, by_day = len(rate), np.bincount(process.days, weights=rate)
    busy = generator.gamma(shape, 1.0 / shape, (paths, len(by_day)))
    begins = generator.poisson(by_day * busy)
    path, day = np.nonzero(begins)
    times = begins[path, day]
    path, day = np.repeat(path, times), np.repeat(day, times)
    # The hour within the day, by the rates of its hours.
    passed = np.cumsum(by_day)[day] - by_day[day] * generator.random(path.size)
    hour = np.minimum(np.searchsorted(np.cumsum(rate), passed), horizon - 1)
    peak = process.sizes.draw(row, generator.random(path.size))
    heights = np.zeros((paths, horizon))
    if not path.size:
        return heights
    length, course = _courses(process, row, generator, path.size)
    within = np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length)
    path, hour = np.repeat(path, length), np.repeat(hour, length) + within
    value = np.repeat(peak, length) * course
    inside = hour < horizon
    np.maximum.at(heights, (path[inside], hour[inside]), value[inside])
    return heights


def _courses(
    process: BurstProcess, row: int, generator: np.random.Generator, count: int
) -> tuple[np.ndarray, FloatArray]:
    """Length of each burst, and the share of its peak hour by hour, from events that were seen."""
    templates = process.templates(row)
    if not templates.size:
        return np.ones(count, dtype=np.intp), np.ones(count)
    events = process.events
    chosen = templates[generator.integers(0, templates.size, count)]
    length = events.length[chosen]
    offset = (np.cumsum(events.length) - events.length)[chosen]
    within = np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length)
    return length, events.heights[np.repeat(offset, length) + within]

"""Simulated futures of one series: the forecast's own spread, and bursts on top of it."""

from dataclasses import dataclass

import numpy as np

from forecasts.bursts.process import BurstProcess
from forecasts.frames import QUANTILES, FloatArray

PATHS = 400
_SEED = 20240229
_LEVELS = np.array(list(QUANTILES.values()))


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
    generator = np.random.default_rng(_SEED)
    horizon = len(quantiles)
    ranks = _ranks(generator, _persistence(process, row), paths, horizon)
    threshold, margin = process.season.ahead[row], process.season.margin[row]
    calm = np.minimum(_at_levels(quantiles, ranks), np.maximum(threshold, quantiles[:, 0]))
    # Where nothing is usual yet a burst starts from the forecast.
    floor = np.where(np.isinf(threshold), quantiles[:, 0] + margin, threshold)
    floor = np.maximum(floor, quantiles[:, 0])
    height = _heights(process, row, generator, paths)
    burst = np.where(height > 0.0, floor + margin * height, calm)
    return Paths(demand=np.maximum(burst, calm), calm=calm)


def _ranks(
    generator: np.random.Generator, persistence: float, paths: int, horizon: int
) -> FloatArray:
    """(paths, horizon) uniform numbers, correlated from hour to hour (Gaussian copula, AR 1)."""
    from scipy.signal import lfilter
    from scipy.special import ndtr

    noise = generator.standard_normal((paths, horizon))
    noise[:, 1:] *= np.sqrt(1.0 - persistence**2)
    return ndtr(lfilter([1.0], [1.0, -persistence], noise, axis=1))


def _persistence(process: BurstProcess, row: int) -> float:
    """Correlation of neighbouring hours' deviations from usual, by rank, within [0, 0.98]."""
    from scipy.stats import rankdata

    deviation = process.season.y[row] - process.season.threshold[row]
    pair = ~np.isnan(deviation[1:]) & ~np.isnan(deviation[:-1])
    one, next_one = deviation[:-1][pair], deviation[1:][pair]
    if one.size < 2 or np.ptp(one) == 0.0 or np.ptp(next_one) == 0.0:
        return 0.0
    found = np.corrcoef(rankdata(one), rankdata(next_one))[0, 1]
    return float(np.clip(found, 0.0, 0.98))


def _at_levels(quantiles: FloatArray, ranks: FloatArray) -> FloatArray:
    """Demand at these ranks: a line between the levels, mirrored below the median, flat outside."""
    levels = np.concatenate([1.0 - _LEVELS[:0:-1], _LEVELS])
    below = np.maximum(2.0 * quantiles[:, :1] - quantiles[:, :0:-1], 0.0)
    values = np.concatenate([below, quantiles], axis=1)
    clipped = np.clip(ranks, levels[0], levels[-1])
    left = np.clip(np.searchsorted(levels, clipped, side="right") - 1, 0, len(levels) - 2)
    hour = np.arange(values.shape[0])
    share = (clipped - levels[left]) / (levels[left + 1] - levels[left])
    return values[hour, left] + share * (values[hour, left + 1] - values[hour, left])


def _heights(
    process: BurstProcess, row: int, generator: np.random.Generator, paths: int
) -> FloatArray:
    """(paths, horizon) excess of simulated bursts in margins; 0 where there is none."""
    rate, shape = process.rates.per_hour[row], process.rates.dispersion[row]
    horizon, days = len(rate), process.days
    busy = generator.gamma(shape, 1.0 / shape, (paths, int(days[-1]) + 1))
    begins = generator.poisson(rate * busy[:, days])
    path, hour = np.nonzero(begins)
    times = begins[path, hour]
    path, hour = np.repeat(path, times), np.repeat(hour, times)
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

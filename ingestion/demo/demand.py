"""Expected calls per hour of every stream, from the shapes of `shapes`.

A conversation demand carries the measured week, a little growth and slow noise; a flat one keeps
15 % of that week; a bursty one has silent and busy hours without season, as measured.
"""

from statistics import NormalDist

import numpy as np

from ingestion.demo.calendar import Calendar
from ingestion.demo.company import SURGE_HOURS, Stream
from ingestion.demo.shapes import (
    BUSY_AFTER_BUSY,
    BUSY_AFTER_SILENT,
    BUSY_AUTOCORRELATION,
    BUSY_LEVELS,
    BUSY_QUANTILES,
    CONVERSATION_WEEK,
    LENGTH_WANDER_AUTOCORRELATION,
    LENGTH_WANDER_CORRELATION,
)

FLAT_SEASON = 0.15
SURGE_FACTOR = 12
_NOISE_SD, _NOISE_AUTOCORRELATION = 0.12, 0.6
_BURST_SEED_BUSY = BUSY_AFTER_SILENT / (1 + BUSY_AFTER_SILENT - BUSY_AFTER_BUSY)
_TABLE = np.linspace(0.0005, 0.9995, 1000)
_NORMAL_QUANTILES = np.array([NormalDist().inv_cdf(level) for level in _TABLE])


def stream_seed(seed: int, name: str, day: int = 0) -> np.random.Generator:
    """The generator of a stream on a day: independent of every other, and of their order."""
    return np.random.default_rng([seed, *name.encode(), day])


def hourly_calls(stream: Stream, calendar: Calendar, seed: int) -> np.ndarray:
    """Expected calls of a stream in each hour of the window, float64 of shape (days * 24,)."""
    rng = stream_seed(seed, f"demand:{stream.demand}")
    hours = calendar.days * 24
    if stream.shape == "burst":
        level = _bursts(rng, hours)
    else:
        hour_of_week = (calendar.first_day.weekday() * 24 + np.arange(hours)) % 168
        level = CONVERSATION_WEEK[hour_of_week]
        if stream.shape == "flat":
            level = 1 - FLAT_SEASON + FLAT_SEASON * level
        level = level * _slow_noise(rng, hours, stream.noise)
    # Around the middle of the window, so that the mean of the demand stays what it says.
    growth = 1 + stream.growth * (np.arange(hours) - hours / 2) / 24
    level = level * growth.clip(0.5, 1.5)
    if stream.surge_day is not None:
        first = stream.surge_day * 24
        level[first : first + SURGE_HOURS] += SURGE_FACTOR
    return stream.calls_per_hour * level * np.repeat(stream.share, 24)


def length_wander(stream: Stream, calendar: Calendar, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Factors of mean input and output tokens per call by hour, with mean one; they go together."""
    rng = stream_seed(seed, f"lengths:{stream.name}")
    hours = calendar.days * 24
    first = _autoregressive(rng, hours, LENGTH_WANDER_AUTOCORRELATION)
    other = _autoregressive(rng, hours, LENGTH_WANDER_AUTOCORRELATION)
    second = LENGTH_WANDER_CORRELATION * first + np.sqrt(1 - LENGTH_WANDER_CORRELATION**2) * other
    factors = (np.exp(stream.wander * score - stream.wander**2 / 2) for score in (first, second))
    return next(factors), next(factors)


def _slow_noise(rng: np.random.Generator, hours: int, strength: float) -> np.ndarray:
    return np.exp(strength * _NOISE_SD * _autoregressive(rng, hours, _NOISE_AUTOCORRELATION))


def _bursts(rng: np.random.Generator, hours: int) -> np.ndarray:
    draws = rng.random(hours)
    is_busy = np.zeros(hours, dtype=bool)
    before = draws[0] < _BURST_SEED_BUSY
    for hour, draw in enumerate(draws):  # a Markov chain over hours: at most a few thousand steps
        before = draw < (BUSY_AFTER_BUSY if before else BUSY_AFTER_SILENT)
        is_busy[hour] = before
    scores = _autoregressive(rng, hours, BUSY_AUTOCORRELATION)
    level = np.interp(_normal_cdf(scores), BUSY_LEVELS, BUSY_QUANTILES)
    # Straight lines between measured quantiles lie above the curve: bring the mean back to one.
    mean = float(np.interp(_TABLE, BUSY_LEVELS, BUSY_QUANTILES).mean())
    return np.where(is_busy, level / mean / _BURST_SEED_BUSY, 0.0)


def _autoregressive(rng: np.random.Generator, hours: int, correlation: float) -> np.ndarray:
    """A standard normal series with a lag-1 autocorrelation."""
    steps = rng.standard_normal(hours) * np.sqrt(1 - correlation**2)
    series = np.empty(hours)
    value = steps[0] / np.sqrt(1 - correlation**2)
    for hour, step in enumerate(steps):
        value = correlation * value + step
        series[hour] = value
    return series


def _normal_cdf(scores: np.ndarray) -> np.ndarray:
    return np.interp(scores, _NORMAL_QUANTILES, _TABLE)

"""How often bursts begin: by hour of day and day of week, more of what happened lately."""

from dataclasses import dataclass

import numpy as np

from forecasts.bursts.events import Events
from forecasts.bursts.season import Season
from forecasts.frames import DAY_HOURS, WEEK_HOURS, FloatArray

_WEEKDAYS = 7
#: Days of the panel's rate that a series' own days are added to.
_BORROWED_DAYS = 3.0
#: What happened lately counts more, and lasts as long ahead.
_HALF_LIFE_HOURS = float(WEEK_HOURS)
#: Half an event where none was seen: rare is not never (Jeffreys' prior).
_UNSEEN = 0.5
#: Four weeks without demand: a dead series, of which no burst is expected.
_DEAD_HOURS = 4 * WEEK_HOURS
#: Counts of a day vary at most so much more than those of a constant rate.
_MIN_DISPERSION = 0.3
_ALWAYS_EVEN = 1e6


@dataclass(frozen=True)
class Rates:
    """Rates of the hours ahead.

    Attributes:
        per_hour: (series, horizon) events expected to begin.
        dispersion: (series,) shape of the gamma by which whole days are busier or calmer than
            expected; large means a Poisson process.
    """

    per_hour: FloatArray
    dispersion: FloatArray


def fit_rates(season: Season, events: Events, end_hour: int, horizon: int) -> Rates:
    """Estimate the rates.

    Each of the factors is shrunk to 1 as far as the counts' spread is no more than chance
    (gamma prior, moments).

    Args:
        season: The past that the events were found in.
        events: The events.
        end_hour: The last hour of the past, in hours since a Monday 00:00.
        horizon: Hours ahead.
    """
    series, hours = season.y.shape
    clock = end_hour - (hours - 1) + np.arange(hours)
    exposed = ~np.isnan(season.y) & ~np.isnan(season.threshold)
    begins = np.zeros((series, hours))
    np.add.at(begins, (events.series, events.start), 1.0)

    per_hour = _base_rate(begins, exposed)
    by_hour = _factors(begins, exposed, clock % DAY_HOURS, DAY_HOURS)
    by_day = _factors(begins, exposed, clock // DAY_HOURS % _WEEKDAYS, _WEEKDAYS)
    ahead = end_hour + 1 + np.arange(horizon)
    lately = _lately(begins, exposed, per_hour)
    fade = 0.5 ** (np.arange(1, horizon + 1) / _HALF_LIFE_HOURS)
    rate = per_hour[:, None] * (1.0 + (lately[:, None] - 1.0) * fade)
    rate = rate * by_hour[:, ahead % DAY_HOURS] * by_day[:, ahead // DAY_HOURS % _WEEKDAYS]
    alive = np.nansum(season.y[:, -_DEAD_HOURS:], axis=1) > 0.0
    return Rates(rate * alive[:, None], _dispersion(begins, exposed))


def _base_rate(begins: FloatArray, exposed: np.ndarray) -> FloatArray:
    """(series,) events per hour, with a few days of the panel's rate added."""
    total = exposed.sum()
    panel = (begins.sum() + _UNSEEN) / max(total, DAY_HOURS)
    borrowed = _BORROWED_DAYS * DAY_HOURS
    return (begins.sum(axis=1) + panel * borrowed) / (exposed.sum(axis=1) + borrowed)


def _factors(begins: FloatArray, exposed: np.ndarray, cell: np.ndarray, cells: int) -> FloatArray:
    """(series, cells) rate of each cell over the series' rate, shrunk to 1."""
    member = (cell[:, None] == np.arange(cells)).astype(np.float64)
    counts, hours = begins @ member, exposed @ member
    rate = counts.sum(axis=1) / np.maximum(hours.sum(axis=1), 1.0)
    expected = hours * rate[:, None]
    # Var(count) = expected + expected^2 / strength under a gamma of that strength.
    beyond = ((counts - expected) ** 2 - expected).sum(axis=1)
    strength = (expected**2).sum(axis=1) / np.maximum(beyond, 1e-12)
    strength = np.where(beyond > 0.0, strength, _ALWAYS_EVEN)[:, None]
    factors = (counts + strength) / (expected + strength)
    return factors / factors.mean(axis=1, keepdims=True)


def _lately(begins: FloatArray, exposed: np.ndarray, per_hour: FloatArray) -> FloatArray:
    """(series,) rate of the last days over the base rate, with some of the base rate added."""
    age = np.arange(begins.shape[1])[::-1]
    weight = 0.5 ** (age / _HALF_LIFE_HOURS)
    borrowed = _BORROWED_DAYS * DAY_HOURS
    recent = (begins @ weight + borrowed * per_hour) / (exposed @ weight + borrowed)
    return recent / per_hour


def _dispersion(begins: FloatArray, exposed: np.ndarray) -> FloatArray:
    """(series,) gamma shape from how much the counts of whole days vary."""
    whole = begins.shape[1] // DAY_HOURS * DAY_HOURS
    if not whole:
        return np.full(len(begins), _ALWAYS_EVEN)
    shape = (len(begins), -1, DAY_HOURS)
    counts = begins[:, -whole:].reshape(shape).sum(axis=2)
    seen = exposed[:, -whole:].reshape(shape).mean(axis=2)
    rate = counts.sum(axis=1) / np.maximum(seen.sum(axis=1), 1.0)
    expected = seen * rate[:, None]
    beyond = ((counts - expected) ** 2 - expected).sum(axis=1)
    strength = (expected**2).sum(axis=1) / np.maximum(beyond, 1e-12)
    return np.where(beyond > 0.0, np.maximum(strength, _MIN_DISPERSION), _ALWAYS_EVEN)

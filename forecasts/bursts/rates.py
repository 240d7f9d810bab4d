"""How likely bursts are on each day ahead, and at what rate they begin in each hour."""

from dataclasses import dataclass

import numpy as np

from forecasts.bursts.days import fit_days
from forecasts.bursts.events import Events
from forecasts.bursts.factors import WEEKDAYS, begins, busy_days, cell_factors
from forecasts.bursts.season import Season
from forecasts.frames import DAY_HOURS, FloatArray

_SUREST = 0.98
#: Days differ at most so much: smaller shapes put all events on one day.
_MIN_SHAPE = 0.3


@dataclass(frozen=True)
class Rates:
    """Rates of the time ahead.

    Attributes:
        probability: (series, days) of at least one burst hour in the day.
        per_hour: (series, horizon) events expected to begin.
        dispersion: (series,) shape of the gamma by which whole days are busier or calmer than
            expected; large means a Poisson process.
    """

    probability: FloatArray
    per_hour: FloatArray
    dispersion: FloatArray


def fit_rates(season: Season, events: Events, end_hour: int, horizon: int) -> Rates:
    """Estimate the rates.

    The probability of a day is the share of days that had a burst, by weekday, drawn to what the
    last day was as far as days hang together. The rate of the hours follows from it.

    Args:
        season: The past that the events were found in.
        events: The events.
        end_hour: The last hour of the past, in hours since a Monday 00:00.
        horizon: Hours ahead.
    """
    clock = end_hour - season.y.shape[1] + 1 + np.arange(season.y.shape[1])
    exposed = ~np.isnan(season.y) & ~np.isnan(season.threshold)
    begun = begins(season, events)
    by_hour = cell_factors(begun, exposed, clock % DAY_HOURS, DAY_HOURS)
    by_day = cell_factors(begun, exposed, clock // DAY_HOURS % WEEKDAYS, WEEKDAYS)
    shape = np.maximum(busy_days(begun, exposed), _MIN_SHAPE)

    ahead = end_hour + 1 + np.arange(horizon)
    day = ahead // DAY_HOURS - ahead[0] // DAY_HOURS
    days = int(day[-1]) + 1
    known = fit_days(season)
    weekday = (ahead[0] // DAY_HOURS + np.arange(days)) % WEEKDAYS
    ageing = np.interp(np.arange(days) / WEEKDAYS, np.arange(len(known.ageing)), known.ageing)
    usual = _count(known.share, shape)[:, None] * by_day[:, weekday] * ageing
    drawn = _probability(usual, shape) + known.drawn(days)
    drawn = np.clip(drawn, np.minimum(known.share, 1.0 / 365.0)[:, None], _SUREST)
    drawn = np.where(known.share[:, None] > 0.0, drawn, 0.0)
    count = _count(drawn, shape[:, None])

    # Of a day cut off by the end of the horizon or begun before it, the hours there are.
    hours = by_hour[:, ahead % DAY_HOURS] / DAY_HOURS
    part = np.stack([hours[:, day == one].sum(axis=1) for one in range(days)], axis=1)
    per_hour = count[:, day] * hours / _days_of_an_event(events, by_hour)[:, None]
    return Rates(_probability(count * part, shape), per_hour, shape)


def _count(probability: FloatArray, shape: FloatArray) -> FloatArray:
    """Events of a day that has any with this probability (negative binomial)."""
    return shape * np.expm1(-np.log1p(-np.minimum(probability, _SUREST)) / shape)


def _probability(count: FloatArray, shape: FloatArray) -> FloatArray:
    """(series, days) probability of any event."""
    return -np.expm1(-shape[:, None] * np.log1p(count / shape[:, None]))


def _days_of_an_event(events: Events, by_hour: FloatArray) -> FloatArray:
    """(series,) days that an event touches on average: 1, and more for long ones."""
    if not events.length.size:
        return np.ones(len(by_hour))
    begin = np.arange(DAY_HOURS)[:, None]
    midnights = ((begin + events.length - 1) // DAY_HOURS).mean(axis=1)
    return 1.0 + (by_hour * midnights).mean(axis=1)

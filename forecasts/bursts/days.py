"""How likely a day is to have a burst: its share of the past, drawn to what the last day was."""

from dataclasses import dataclass

import numpy as np

from forecasts.bursts.season import Season
from forecasts.frames import DAY_HOURS, WEEK_HOURS, FloatArray

#: Half a day with and half a day without: rare is not never (Jeffreys' prior).
_HALF = 0.5
#: What a series without days of its own borrows where its panel has no bursts either.
_LEAST_BORROWED = 0.05
#: Days of variance that the panel's persistence counts beside a series' own (40 days at a half).
_PRIOR_VARIANCE = 10.0
_MAX_PERSISTENCE = 0.95
#: Burst days that must be seen before old thresholds are known to be passed more often.
_PRIOR_PASSED = 5.0
_MAX_WEEKS = 4
#: Four weeks without demand: a dead series, of which no burst is expected.
_DEAD_HOURS = 4 * WEEK_HOURS


@dataclass(frozen=True)
class BurstDays:
    """Days with at least one burst hour; a day here is 24 hours back from the end.

    Attributes:
        share: (series,) probability of a day long after; 0 for a dead series.
        persistence: (series,) correlation of a day with the next.
        last: (series,) whether the last day had one, as 0 or 1.
        ageing: (weeks,) how much more often a threshold is passed that is so many weeks old.
    """

    share: FloatArray
    persistence: FloatArray
    last: FloatArray
    ageing: FloatArray

    def drawn(self, days: int) -> FloatArray:
        """(series, days) what the last day adds to the probability of the days after it."""
        ahead = np.arange(1, days + 1)
        return self.persistence[:, None] ** ahead * (self.last - self.share)[:, None]


def fit_days(season: Season) -> BurstDays:
    """Estimate from the past of the panel."""
    with np.errstate(invalid="ignore"):
        burst = _any(season.y > season.threshold)
    exposed = _any(~np.isnan(season.y) & ~np.isnan(season.threshold))
    count, days = burst.sum(axis=1), exposed.sum(axis=1)
    own = (count + _HALF) / (days + 2.0 * _HALF)
    panel = max((count.sum() + _HALF) / (days.sum() + 2.0 * _HALF), _LEAST_BORROWED)
    # The panel counts as one day: a series' own days soon speak for themselves, and on real series
    # drawing them further to the panel's share made them worse (docs/decisions/0024).
    share = (days * own + panel) / (days + 1.0)
    share = np.where(_dead(season.y), 0.0, share)
    last = burst[:, -1] if burst.shape[1] else np.zeros(len(burst))
    return BurstDays(
        share=share,
        persistence=_persistence(burst, exposed, share),
        last=np.where(share > 0.0, last, 0.0),
        ageing=_ageing(season),
    )


def _persistence(burst: FloatArray, exposed: FloatArray, share: FloatArray) -> FloatArray:
    deviation = (burst - share[:, None]) * exposed
    pairs = (deviation[:, 1:] * deviation[:, :-1]).sum(axis=1)
    variance = (deviation**2).sum(axis=1)
    panel = np.clip(pairs.sum() / (variance.sum() + 1.0), 0.0, _MAX_PERSISTENCE)
    own = (pairs + _PRIOR_VARIANCE * panel) / (variance + _PRIOR_VARIANCE)
    return np.clip(own, 0.0, _MAX_PERSISTENCE)


def _ageing(season: Season) -> FloatArray:
    """Measure how demand moves on from a threshold, over the whole panel.

    Hours ahead have the threshold of the last week known. The past says how many days passed the
    threshold of so many weeks before, for each that passed its own.
    """
    hours = season.y.shape[1]
    ratios = [1.0]
    for week in range(1, min(_MAX_WEEKS, hours // WEEK_HOURS)):
        back = week * WEEK_HOURS
        old, new = season.threshold[:, : hours - back], season.threshold[:, back:]
        both = ~np.isnan(old) & ~np.isnan(new)
        with np.errstate(invalid="ignore"):
            passed = [
                float(_any(both & (season.y[:, back:] > one)).sum()) + _PRIOR_PASSED
                for one in (old, new)
            ]
        ratios.append(max(passed[0] / passed[1], ratios[-1]))
    return np.array(ratios)


def _any(hours: np.ndarray) -> FloatArray:
    """(series, days) whether a day has such an hour, as 0 or 1."""
    whole = hours.shape[1] // DAY_HOURS * DAY_HOURS
    by_day = hours[:, hours.shape[1] - whole :].reshape(len(hours), -1, DAY_HOURS)
    return np.asarray(by_day.any(axis=2), dtype=np.float64)


def _dead(y: FloatArray) -> np.ndarray:
    """(series,) whether four weeks are known in which nothing was asked for."""
    last = y[:, -_DEAD_HOURS:]
    silent = (last == 0.0).all(axis=1)
    return silent & (last.shape[1] == _DEAD_HOURS)

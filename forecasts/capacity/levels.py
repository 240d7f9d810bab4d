"""How far the level of demand may wander beyond the horizon: measured on its own past.

Weekly means of the past are compared with those k weeks later. Their log ratio has a variance of
a + b k: noise of single weeks, and a level that wanders. Only b is carried on, and growth only
where, at past cutoffs, carrying it on would have been closer to what came than the level itself.
"""

from dataclasses import dataclass

import numpy as np

from forecasts.frames import WEEK_HOURS, FloatArray

#: Weekly variance of the log level where history cannot say: 5 % a week, 36 % a year.
_ASSUMED_VARIANCE = 0.05**2
#: The assumption weighs as much as so many pairs of weeks.
_ASSUMED_PAIRS = 8
#: A level that seems to wander by more than 10 % a week is bursts and launches, which no term of a
#: commitment repeats every week; carried on for a year it would say anything.
_MOST_VARIANCE = 0.10**2
_MIN_WEEKS = 6
_MIN_CUTOFFS = 4
#: Carried-on growth halves every four weeks: it does not go on for ever.
_GROWTH_FADE = 0.5**0.25
#: Growth must be closer by so much before it is believed.
_CLOSER = 0.95
_FLOOR_SHARE = 0.05
_WEEKS_PER_LEAD = 4
#: Median size of a standard normal.
_MEDIAN_OF_NORMAL = 0.6744897501960817


@dataclass(frozen=True)
class LevelDrift:
    """How the level goes on after the forecast.

    Attributes:
        weekly_variance: By which the variance of the log level grows each week.
        weekly_growth: Log growth of the first week after the forecast; it halves in four weeks.
        method: Its name, for the plan's `method`.
    """

    weekly_variance: float
    weekly_growth: float
    method: str

    def growth_after(self, weeks: FloatArray) -> FloatArray:
        """Log growth so many weeks after the forecast's end."""
        return self.weekly_growth * (1.0 - _GROWTH_FADE**weeks) / (1.0 - _GROWTH_FADE)


def level_drift(history: FloatArray) -> LevelDrift:
    """Measure how the level of a series wanders.

    Args:
        history: (hours,) demand up to the forecast; NaN where unknown.
    """
    means = _weekly_means(history)
    if len(means) < _MIN_WEEKS or not np.any(means > 0.0):
        return LevelDrift(_ASSUMED_VARIANCE, 0.0, "last forecast week, level as assumed")
    levels = np.log(np.maximum(means, _FLOOR_SHARE * means.mean()))
    growth = _growth(levels)
    method = "last forecast week, level as uncertain as its past"
    if growth != 0.0:
        method += ", fading growth"
    return LevelDrift(_wandering(levels), growth, method)


def _weekly_means(history: FloatArray) -> FloatArray:
    """Means of the whole weeks up to the end; a week without a known hour is left out."""
    weeks = len(history) // WEEK_HOURS
    folded = history[len(history) - weeks * WEEK_HOURS :].reshape(weeks, WEEK_HOURS)
    known = ~np.isnan(folded)
    sums, counts = np.where(known, folded, 0.0).sum(axis=1), known.sum(axis=1)
    return sums[counts > 0] / counts[counts > 0]


def _wandering(levels: FloatArray) -> float:
    """The slope b of the variances over the leads, at least 0, drawn towards the assumption."""
    leads = np.arange(1, len(levels) // _WEEKS_PER_LEAD + 1)
    # Medians: one launch or one burst is no habit of the level.
    typical = [np.median(np.abs(levels[k:] - levels[:-k])) for k in leads]
    squares = (np.array(typical) / _MEDIAN_OF_NORMAL) ** 2
    pairs = np.array([len(levels) - k for k in leads], dtype=np.float64)
    centred = leads - np.average(leads, weights=pairs)
    spread = float(np.sum(pairs * centred**2))
    slope = float(np.sum(pairs * centred * squares) / spread) if spread > 0.0 else squares[0]
    # Without noise of single weeks the line goes through 0, and cannot be steeper than that.
    through_zero = float(np.sum(pairs * leads * squares) / np.sum(pairs * leads**2))
    slope = float(np.clip(slope, 0.0, through_zero))
    seen = float(pairs[0])
    drawn = (seen * slope + _ASSUMED_PAIRS * _ASSUMED_VARIANCE) / (seen + _ASSUMED_PAIRS)
    return min(drawn, _MOST_VARIANCE)


def _growth(levels: FloatArray) -> float:
    """The median weekly growth, if carrying it on was closer at past cutoffs; else 0."""
    steps = np.diff(levels)
    drift = LevelDrift(0.0, 1.0, "")
    flat: list[float] = []
    grown: list[float] = []
    for cutoff in range(_MIN_WEEKS - 1, len(levels) - 1):
        came = levels[cutoff + 1 :] - levels[cutoff]
        weeks = np.arange(1, len(came) + 1, dtype=np.float64)
        carried = float(np.median(steps[:cutoff])) * drift.growth_after(weeks)
        flat.append(float(np.abs(came).mean()))
        grown.append(float(np.abs(came - carried).mean()))
    if len(flat) < _MIN_CUTOFFS or np.mean(grown) > _CLOSER * np.mean(flat):
        return 0.0
    return float(np.median(steps))

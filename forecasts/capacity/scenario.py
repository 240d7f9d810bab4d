"""Possible demand of every hour of a term, serving and training beside each other."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from forecasts.capacity.levels import LevelDrift
from forecasts.capacity.points import correlated, even_points
from forecasts.frames import HOUR, WEEK_HOURS, FloatArray
from forecasts.quantile_function import hourly_values

#: Points per hour: the 99 % quantile of one hour is told apart from its maximum.
POINTS = 256
_COORDINATES = 5


@dataclass(frozen=True)
class Demand:
    """Equally likely demands of each hour; one column is one possible course within an hour.

    Attributes:
        ds: (hours,) the hours, naive UTC.
        serving: (hours, points) GPUs wanted by requests, in the hour's busiest 5 minutes.
        training: (hours, points) GPUs wanted by jobs.
    """

    ds: pd.DatetimeIndex
    serving: FloatArray
    training: FloatArray

    @property
    def total(self) -> FloatArray:
        """(hours, points) GPUs wanted."""
        return self.serving + self.training

    @property
    def hour_of_week(self) -> np.ndarray:
        """(hours,) 0 is Monday 00:00 UTC."""
        return (self.ds.dayofweek * 24 + self.ds.hour).to_numpy(dtype=np.intp)

    def with_serving(self, change: Callable[[FloatArray], FloatArray]) -> "Demand":
        """The same with another serving demand."""
        return replace(self, serving=change(self.serving))


def spare_levels() -> FloatArray:
    """(points,) levels of a further quantity, close to independent of those of a `Demand`."""
    return even_points(POINTS, _COORDINATES)[4]


def of_forecast(
    ds: pd.DatetimeIndex,
    serving: FloatArray | None,
    training: FloatArray | None,
    rank_correlation: float = 0.0,
) -> Demand:
    """Demand of the hours that are forecast.

    Args:
        ds: (hours,) the hours.
        serving: (hours, 5) quantiles; None where nothing is served.
        training: (hours, 5) quantiles; None where no job runs.
        rank_correlation: Of the two within an hour, beyond their common hours of the week.
    """
    pair = correlated(even_points(POINTS, _COORDINATES)[:2], rank_correlation)
    nothing = np.zeros((len(ds), POINTS))
    return Demand(
        ds,
        nothing if serving is None else hourly_values(serving, pair[0]),
        nothing if training is None else hourly_values(training, pair[1]),
    )


def extended(
    demand: Demand, hours: int, serving_drift: LevelDrift, training_drift: LevelDrift
) -> Demand:
    """Carry demand on beyond the forecast, to a term of so many hours.

    The last forecast week repeats. Its level grows as the drift says and becomes more uncertain by
    a log-normal factor whose mean is 1: not knowing is no demand. A shorter term is cut.

    Args:
        demand: The hours that are forecast, at least a week where the term is longer.
        hours: Hours of the term.
        serving_drift: How the level of serving wanders.
        training_drift: That of training, independent of the former.

    Raises:
        ValueError: There is less than a week to repeat.
    """
    known = len(demand.ds)
    if hours <= known:
        return Demand(demand.ds[:hours], demand.serving[:hours], demand.training[:hours])
    if known < WEEK_HOURS:
        raise ValueError(f"a forecast of {known} hours has no week to repeat")
    beyond = np.arange(hours - known)
    rows = known - WEEK_HOURS + beyond % WEEK_HOURS
    weeks = beyond / WEEK_HOURS + 0.5
    levels = even_points(POINTS, _COORDINATES)
    serving = demand.serving[rows] * _factors(serving_drift, weeks, levels[2])
    training = demand.training[rows] * _factors(training_drift, weeks, levels[3])
    return Demand(
        pd.date_range(demand.ds[0], periods=hours, freq=HOUR, name="ds"),
        np.concatenate([demand.serving, serving]),
        np.concatenate([demand.training, training]),
    )


def _factors(drift: LevelDrift, weeks: FloatArray, levels: FloatArray) -> FloatArray:
    """(hours, points) factors on the level so many weeks after the forecast."""
    from scipy.special import ndtri

    spread = np.sqrt(drift.weekly_variance * weeks)[:, None] * ndtri(levels)[None, :]
    factors = np.exp(spread)
    # Divided by its own mean: a few points miss the mean of a wide log-normal.
    factors /= factors.mean(axis=1, keepdims=True)
    return factors * np.exp(drift.growth_after(weeks))[:, None]

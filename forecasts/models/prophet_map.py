"""Prophet's model and priors, estimated by the mode of its posterior without Stan.

Taylor and Letham (2018), "Forecasting at scale": a piecewise linear trend with Laplace priors on
its changes, Fourier seasons and regressors with normal priors, normal noise. Given the noise and
the changes' weights the mode solves a ridge regression, so that a series takes milliseconds where
a Stan process takes most of a second.
"""

from dataclasses import dataclass

import numpy as np

from forecasts.frames import FloatArray

# Prophet's own priors, on y divided by its largest value and time that runs from 0 to 1.
_TREND_SCALE = 5.0
_SEASON_SCALE = 10.0
_NOISE_SCALE = 0.5
#: Prophet puts changepoints into this first part of the history.
_CHANGEPOINT_RANGE = 0.8
_ITERATIONS = 20
_TINY = 1e-8


@dataclass(frozen=True)
class MapFit:
    """A fitted series, all in the unit of y.

    Attributes:
        trend: (hours,) trend at the hours of the history.
        seasonal: (columns,) coefficients of the seasonal and regressor columns.
        slope: Trend step per hour at the end.
        change_rate: Expected trend changes per hour.
        change_scale: Mean absolute change of the step per hour.
    """

    trend: FloatArray
    seasonal: FloatArray
    slope: float
    change_rate: float
    change_scale: float


def fit(y: FloatArray, columns: FloatArray, changepoints: int, prior: float, flat: bool) -> MapFit:
    """Fit one series.

    Args:
        y: (hours,) from the first to the last known hour, NaN where unknown; not all alike.
        columns: (hours, columns) seasonal columns and regressors.
        changepoints: Possible changes of the trend, evenly spread over the first 80 %.
        prior: Scale of the Laplace prior of the changes (`changepoint_prior_scale`).
        flat: The trend is a level.

    Returns:
        The mode of the posterior.
    """
    known = ~np.isnan(y)
    scale = float(np.abs(y[known]).max())
    hours = max(len(y) - 1, 1)
    time = np.arange(len(y)) / hours
    spots = _changepoints(time[known], 0 if flat else changepoints)
    bends = np.maximum(time[:, None] - spots[None, :], 0.0)
    slope = np.empty((len(y), 0)) if flat else time[:, None]
    design = np.concatenate([np.ones((len(y), 1)), slope, bends, columns], axis=1)
    first_bend = 1 + slope.shape[1]
    ridge = np.full(design.shape[1], _SEASON_SCALE**-2)
    ridge[:first_bend] = _TREND_SCALE**-2
    bend = slice(first_bend, first_bend + len(spots))
    theta = _mode(design[known], y[known] / scale, ridge, bend, prior)
    changes = theta[bend]
    last_slope = 0.0 if flat else theta[1] + changes.sum()
    trend = design[:, : bend.stop] @ theta[: bend.stop]
    return MapFit(
        trend=trend * scale,
        seasonal=theta[bend.stop :] * scale,
        slope=float(last_slope) * scale / hours,
        change_rate=len(spots) / (_CHANGEPOINT_RANGE * hours),
        change_scale=float(np.abs(changes).mean()) * scale / hours if len(spots) else 0.0,
    )


def _changepoints(time: FloatArray, count: int) -> FloatArray:
    """Where the trend may change: `count` of the known hours, evenly spread, as Prophet does."""
    last = int(np.floor(len(time) * _CHANGEPOINT_RANGE))
    count = min(count, last - 1)
    if count <= 0:
        return np.empty(0)
    return time[np.linspace(0, last - 1, count + 1).round().astype(int)[1:]]


def _mode(
    design: FloatArray, y: FloatArray, ridge: FloatArray, bend: slice, prior: float
) -> FloatArray:
    """Alternate between the coefficients, the noise and the weights of the Laplace prior."""
    gram, moment = design.T @ design, design.T @ y
    squares = float(y @ y)
    weights = ridge.copy()
    weights[bend] = 1.0 / prior**2
    variance = max(float(y.var()), _TINY)
    theta: FloatArray = np.zeros(design.shape[1])
    for _ in range(_ITERATIONS):
        before = theta
        solved = np.linalg.solve(gram / variance + np.diag(weights), moment / variance)
        theta = np.asarray(solved, dtype=np.float64)
        error = max(squares - 2.0 * theta @ moment + theta @ gram @ theta, _TINY)
        # The mode of the noise: s^4 / scale^2 + n s^2 - error = 0.
        n = len(y)
        variance = 2.0 * error / (n + np.sqrt(n * n + 4.0 * error / _NOISE_SCALE**2))
        variance = max(variance, _TINY)
        # |d| / prior is met by d^2 / (2 prior |d|) at the last d.
        weights[bend] = 1.0 / (prior * np.maximum(np.abs(theta[bend]), _TINY))
        if np.abs(theta - before).max() < 1e-4:
            break
    return theta

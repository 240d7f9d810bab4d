"""How wrong forecasts of many series were: `metrics`, series by series at once."""

from dataclasses import dataclass

import numpy as np

from forecasts.frames import LEVELS, QUANTILES, FloatArray, season_length
from forecasts.panel import Panel

_P50 = list(QUANTILES).index("y_p50")
_P90 = list(QUANTILES).index("y_p90")


@dataclass(frozen=True)
class Scores:
    """Figures over the known hours, (series,) each; NaN where they have no meaning.

    Attributes:
        wape: Sum of the median's errors over the sum of demand.
        mase: Mean error of the median over that of the seasonal naive in the history.
        pinball: Mean loss over hours and levels.
        coverage_90: Share of hours at or below the 90 % quantile.
    """

    wape: FloatArray
    mase: FloatArray
    pinball: FloatArray
    coverage_90: FloatArray


def score(actual: FloatArray, quantiles: FloatArray, history: Panel) -> Scores:
    """Compare (series, hours) of demand with (series, hours, 5) quantiles.

    Args:
        actual: What came, NaN where unknown.
        quantiles: What was forecast.
        history: The series as they were known, whose seasonal differences are MASE's scale.

    Returns:
        The same figures as the functions of `metrics`.
    """
    known = ~np.isnan(actual)
    hours = known.sum(axis=1)
    y = np.where(known, actual, 0.0)
    absolute = (np.abs(y - quantiles[:, :, _P50]) * known).sum(axis=1)
    error = y[:, :, None] - quantiles
    levels = np.asarray(LEVELS)
    loss = np.maximum(levels * error, (levels - 1.0) * error).mean(axis=2)
    covered = (y <= quantiles[:, :, _P90]) & known
    return Scores(
        wape=_over(absolute, np.abs(y).sum(axis=1), hours),
        mase=_over(_mean(absolute, hours), _seasonal_scale(history), hours),
        pinball=_mean((loss * known).sum(axis=1), hours),
        coverage_90=_mean(covered.sum(axis=1).astype(np.float64), hours),
    )


def _seasonal_scale(history: Panel) -> FloatArray:
    """(series,) mean absolute seasonal difference, the season by each series' own length."""
    lengths = history.hours - history.first_hours()
    seasons = np.array([season_length(int(length)) for length in lengths], dtype=np.intp)
    scale = np.full(len(lengths), np.nan)
    for season in np.unique(seasons):
        rows = np.flatnonzero((seasons == season) & (lengths > season))
        moves = np.abs(history.y[rows, season:] - history.y[rows, :-season])
        known = ~np.isnan(moves)
        scale[rows] = _mean(np.where(known, moves, 0.0).sum(axis=1), known.sum(axis=1))
    return scale


def _mean(total: FloatArray, count: np.ndarray) -> FloatArray:
    return np.divide(total, count, out=np.full(len(total), np.nan), where=count > 0)


def _over(error: FloatArray, size: FloatArray, hours: np.ndarray) -> FloatArray:
    ratio = np.divide(error, size, out=np.full(len(error), np.nan), where=size > 0.0)
    nothing = (hours > 0) & (error == 0.0) & (size == 0.0)
    return np.where(nothing, 0.0, ratio)

"""How wrong a forecast was: small pure functions over aligned arrays.

Shapes: actual is (hours,), quantiles is (hours, 5) in the order of `QUANTILES`; both in the unit
of the measure and without NaN. A figure without meaning (an error relative to nothing) is NaN;
no error at all is 0.
"""

import numpy as np

from forecasts.frames import QUANTILES, FloatArray

_LEVELS = np.array(list(QUANTILES.values()))
_P50 = list(QUANTILES).index("y_p50")
_P90 = list(QUANTILES).index("y_p90")


def wape(actual: FloatArray, quantiles: FloatArray) -> float:
    """Weighted absolute percentage error of the median: sum of errors over sum of demand."""
    return _over(_absolute(actual, quantiles).sum(), np.abs(actual).sum())


def mase(actual: FloatArray, quantiles: FloatArray, history: FloatArray, season: int) -> float:
    """Mean absolute scaled error (Hyndman and Koehler 2006) of the median.

    Args:
        actual: (hours,) what came.
        quantiles: (hours, 5) what was forecast.
        history: (hours before,) the training series, NaN where unknown.
        season: Hours of the season whose in-sample naive error is the scale.

    Returns:
        Below 1 means better than the seasonal naive method was in its own history.
    """
    scale = np.abs(history[season:] - history[:-season]) if len(history) > season else np.empty(0)
    scale = scale[~np.isnan(scale)]
    return _over(_absolute(actual, quantiles).mean(), scale.mean() if scale.size else np.nan)


def pinball(actual: FloatArray, quantiles: FloatArray) -> float:
    """Mean quantile loss over hours and the five levels, in the unit of the measure."""
    error = actual[:, None] - quantiles
    return float(np.maximum(_LEVELS * error, (_LEVELS - 1.0) * error).mean())


def coverage_90(actual: FloatArray, quantiles: FloatArray) -> float:
    """Share of hours with demand at or below the forecast's 90 % quantile; 0.9 is honest."""
    return float((actual <= quantiles[:, _P90]).mean())


def skill(loss: float, baseline: float) -> float:
    """1 - loss / baseline: above 0 beats the baseline, 1 is perfect, 0 when both are perfect."""
    if loss == baseline:
        return 0.0
    return 1.0 - loss / baseline if baseline > 0.0 else float("nan")


def _absolute(actual: FloatArray, quantiles: FloatArray) -> FloatArray:
    return np.abs(actual - quantiles[:, _P50])


def _over(error: float, size: float) -> float:
    if size > 0.0:
        return float(error / size)
    return 0.0 if error == 0.0 and not np.isnan(size) else float("nan")

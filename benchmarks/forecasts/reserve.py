"""What a forecast costs a planner who reserves by it."""

import numpy as np

from forecasts.frames import QUANTILES, FloatArray

RESERVED, ON_DEMAND = 1.0, 2.5
#: The newsvendor's quantile of demand pooled over the term: .6 at these prices.
LEVEL = 1.0 - RESERVED / ON_DEMAND

_POINTS = 100


def excess_cost(future: FloatArray, quantiles: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Cost above that of a planner who knew the future.

    Reserved capacity is paid every hour, what exceeds it on demand.

    Args:
        future: (series, hours) demand that came, NaN where unknown.
        quantiles: (series, hours, 5) of the forecast.

    Returns:
        Excess and the clairvoyant's cost, both (series,), in reserved hours.
    """
    forecast = _reserve(np.maximum(pooled(quantiles), 0.0), np.isnan(future))
    best = np.array([_quantile(row[~np.isnan(row)]) for row in future])
    least = _cost(best, future)
    return _cost(forecast, future) - least, least


def pooled(quantiles: FloatArray) -> FloatArray:
    """Points of each hour's distribution, equally likely.

    Between the published levels the quantile function is a line. Below the median, of which
    nothing is published, it mirrors the upper half, down to zero.

    Args:
        quantiles: (..., 5) in the order of `QUANTILES`.

    Returns:
        (..., 100).
    """
    upper = np.array(list(QUANTILES.values()))
    levels = np.concatenate([1.0 - upper[:0:-1], upper])
    mirrored = np.maximum(2.0 * quantiles[..., :1] - quantiles[..., :0:-1], 0.0)
    values = np.concatenate([mirrored, quantiles], axis=-1)
    wanted = (np.arange(_POINTS) + 0.5) / _POINTS
    # Linear interpolation at fixed levels is a matrix.
    weights = np.array([np.interp(wanted, levels, unit) for unit in np.eye(len(levels))])
    return values @ weights


def _reserve(points: FloatArray, unknown: np.ndarray) -> FloatArray:
    """(series,) pooled quantile over the hours whose demand is known."""
    return np.array(
        [_quantile(row[~gone].ravel()) for row, gone in zip(points, unknown, strict=True)]
    )


def _quantile(values: FloatArray) -> float:
    """The cheapest reservation for these demands; 0 for none."""
    return float(np.quantile(values, LEVEL, method="inverted_cdf")) if values.size else 0.0


def _cost(reserve: FloatArray, future: FloatArray) -> FloatArray:
    hours = (~np.isnan(future)).sum(axis=1)
    above = np.nansum(np.maximum(future - reserve[:, None], 0.0), axis=1)
    return RESERVED * reserve * hours + ON_DEMAND * above

"""Demand at any level of probability, from the five quantiles that are published."""

import numpy as np

from forecasts.frames import QUANTILES, FloatArray

_LEVELS = np.array(list(QUANTILES.values()))
_P50, _P95, _P99 = 0, 3, 4
#: No probability of an hour's demand beyond this is told apart: the tail ends there.
_SMALLEST_TAIL = 1e-4


def hourly_values(quantiles: FloatArray, levels: FloatArray) -> FloatArray:
    """Demand of each hour at any level, from its five published quantiles.

    Between the five the quantile function is linear in the normal score of the level, which is
    exact for a normal distribution. Above the 99 % quantile the tail is exponential, as steep as
    between the 95 and the 99 % quantile, and ends at a level of 0.9999. Below the median, of which
    the forecast says nothing, it is the upper half mirrored in ratio: what is as likely as twice
    the median is half of it. So demand stays positive, and small spreads mirror as differences.

    Args:
        quantiles: (hours, 5), ascending and not negative, in the order of `QUANTILES`.
        levels: (points,) strictly between 0 and 1.

    Returns:
        (hours, points) in the unit of the quantiles, not negative.

    Raises:
        ValueError: A level lies outside of (0, 1).
    """
    if not bool(np.all((levels > 0.0) & (levels < 1.0))):
        raise ValueError("levels lie between 0 and 1")
    from scipy.special import ndtri

    upper = np.clip(np.where(levels < 0.5, 1.0 - levels, levels), 0.5, 1.0 - _SMALLEST_TAIL)
    inside = np.minimum(upper, _LEVELS[_P99])
    weights = np.stack(
        [np.interp(ndtri(inside), ndtri(_LEVELS), row) for row in np.eye(len(_LEVELS))]
    )
    # The mean of an exponential tail whose share falls from 5 to 1 % between the two quantiles.
    rise = (quantiles[:, _P99] - quantiles[:, _P95]) / np.log(5.0)
    beyond = np.log((1.0 - _LEVELS[_P99]) / np.minimum(1.0 - upper, 1.0 - _LEVELS[_P99]))
    values = quantiles @ weights + rise[:, None] * beyond[None, :]
    median = quantiles[:, [_P50]]
    mirrored = np.divide(median**2, values, out=np.zeros_like(values), where=values > 0.0)
    return np.where(levels[None, :] < 0.5, mirrored, values)

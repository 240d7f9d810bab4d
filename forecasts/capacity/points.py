"""Equally likely points of several quantities together: a simulation without luck."""

import numpy as np
import pandas as pd

from forecasts.frames import WEEK_HOURS, FloatArray

_MIN_SHARED_HOURS = 2 * WEEK_HOURS


def even_points(points: int, dimensions: int) -> FloatArray:
    """Levels that fill a unit cube evenly, each dimension by itself exactly.

    The sequence of Sobol (1967), each coordinate of which is then put on the midpoints of equal
    steps: a mean over the points is the mean of the quantile function, and any two coordinates are
    close to independent.

    Args:
        points: Number of points, a power of two.
        dimensions: Number of coordinates.

    Returns:
        (dimensions, points), strictly between 0 and 1.
    """
    from scipy.stats import qmc

    return _midpoints(qmc.Sobol(dimensions, scramble=False).random(points).T)


def correlated(levels: FloatArray, rank_correlation: float) -> FloatArray:
    """Tie the second coordinate to the first by a normal copula of this rank correlation.

    Args:
        levels: (2, points) of `even_points`.
        rank_correlation: Spearman's, from -1 to 1.

    Returns:
        (2, points); the first row is unchanged.
    """
    from scipy.special import ndtri

    rho = 2.0 * np.sin(np.pi / 6.0 * np.clip(rank_correlation, -1.0, 1.0))
    scores = ndtri(levels)
    tied = rho * scores[0] + np.sqrt(max(0.0, 1.0 - rho**2)) * scores[1]
    return np.stack([levels[0], _midpoints(tied[None, :])[0]])


def rank_correlation(serving: pd.Series, training: pd.Series) -> float:
    """How much two demands rise and fall together beyond their common hours of the week.

    Args:
        serving: GPUs by hour (index ds).
        training: The same of the other.

    Returns:
        Spearman's correlation of what each hour differs from the median of its hour of week;
        0 with less than two shared weeks, or where one of them never changes.
    """
    both = pd.concat([serving, training], axis=1, keys=["a", "b"]).dropna()
    if len(both) < _MIN_SHARED_HOURS:
        return 0.0
    ds = pd.DatetimeIndex(both.index)
    left = both - both.groupby(ds.dayofweek * 24 + ds.hour).transform("median")
    ranks = left.rank().to_numpy(dtype=np.float64)
    if np.ptp(ranks[:, 0]) == 0.0 or np.ptp(ranks[:, 1]) == 0.0:
        return 0.0
    return float(np.corrcoef(ranks.T)[0, 1])


def _midpoints(values: FloatArray) -> FloatArray:
    ranks = np.argsort(np.argsort(values, axis=1, kind="stable"), axis=1, kind="stable")
    return (ranks + 0.5) / values.shape[1]

"""How high a burst goes: a generalised Pareto tail, borrowed where events are few."""

from dataclasses import dataclass

import numpy as np

from forecasts.frames import FloatArray

#: So many of the panel's events count as much as a series' own.
_BORROWED = 10.0
#: Without any event: as far above the threshold again as the threshold is above usual.
_UNKNOWN_SHAPE, _UNKNOWN_SCALE = 0.0, 1.0
#: Beyond one half a tail has no variance, and a sample says little of it. Negative shapes end
#: somewhere; cutting them off would make the others' mean too heavy.
_MIN_SHAPE, _MAX_SHAPE = -0.5, 0.5
_MIN_EVENTS = 5


@dataclass(frozen=True)
class Sizes:
    """Generalised Pareto of the excess at an event's peak, in margins of the series.

    Attributes:
        shape: (series,) 0 is exponential, larger is heavier, negative has an end.
        scale: (series,) the mean excess is scale / (1 - shape).
    """

    shape: FloatArray
    scale: FloatArray

    def draw(self, row: int, uniform: FloatArray) -> FloatArray:
        """Excesses of one series for uniform numbers in [0, 1)."""
        return quantile(uniform, float(self.shape[row]), float(self.scale[row]))


def fit_sizes(peaks: FloatArray, series: np.ndarray, count: int) -> Sizes:
    """Estimate each series' tail by probability-weighted moments (Hosking and Wallis 1987).

    Args:
        peaks: (events,) excess at the peak, in margins.
        series: (events,) row that each belongs to, ascending.
        count: Series of the panel.
    """
    pooled = _moments(peaks) if peaks.size else (_UNKNOWN_SHAPE, _UNKNOWN_SCALE)
    shape, scale = np.full(count, pooled[0]), np.full(count, pooled[1])
    for row in np.unique(series):
        own = peaks[series == row]
        share = own.size / (own.size + _BORROWED)
        mean = share * own.mean() + (1.0 - share) * pooled[1] / (1.0 - pooled[0])
        if own.size >= _MIN_EVENTS:
            shape[row] = share * _moments(own)[0] + (1.0 - share) * pooled[0]
        scale[row] = mean * (1.0 - shape[row])
    return Sizes(shape, scale)


def quantile(uniform: FloatArray, shape: float, scale: float) -> FloatArray:
    """Quantile function of the generalised Pareto distribution."""
    survival = 1.0 - uniform
    if abs(shape) < 1e-6:
        return -scale * np.log(survival)
    return scale * (survival**-shape - 1.0) / shape


def _moments(peaks: FloatArray) -> tuple[float, float]:
    """Shape, within bounds, and scale; the mean is that of the sample."""
    ordered = np.sort(peaks)
    mean = float(ordered.mean())
    if ordered.size < _MIN_EVENTS or mean <= 0.0:
        return _UNKNOWN_SHAPE, max(mean, np.finfo(float).tiny)
    rank = np.arange(1, ordered.size + 1)
    weighted = float((ordered * (1.0 - (rank - 0.35) / ordered.size)).mean())
    shape = 2.0 - mean / max(mean - 2.0 * weighted, np.finfo(float).tiny)
    shape = float(np.clip(shape, _MIN_SHAPE, _MAX_SHAPE))
    return shape, mean * (1.0 - shape)

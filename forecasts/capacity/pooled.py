"""Demand of all hours of a term together, as one distribution."""

from dataclasses import dataclass

import numpy as np

from forecasts.frames import FloatArray

#: Sums of floating-point shares miss a level by less than this.
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Pool:
    """One distribution of demand over all hours of a term.

    Attributes:
        values: (points,) ascending.
        shares: (points,) share of the hours at or below each value; the last is 1.
    """

    values: FloatArray
    shares: FloatArray

    def quantile(self, level: float) -> float:
        """The smallest demand that at least this share of the hours stays at or below."""
        place = int(np.searchsorted(self.shares, level - _ROUNDING, side="left"))
        return float(self.values[min(place, len(self.values) - 1)])

    def at_most(self, demand: float) -> float:
        """The share of the hours with at most this demand."""
        place = int(np.searchsorted(self.values, demand + _ROUNDING, side="right"))
        return float(self.shares[place - 1]) if place else 0.0


def pool(values: FloatArray) -> Pool:
    """Pool equally likely values of equally long hours.

    Args:
        values: Any shape, at least one value.

    Raises:
        ValueError: There is no value.
    """
    if values.size == 0:
        raise ValueError("an empty term has no demand")
    ordered = np.sort(values, axis=None)
    return Pool(ordered, np.arange(1, ordered.size + 1) / ordered.size)

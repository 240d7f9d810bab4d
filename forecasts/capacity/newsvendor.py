"""How many GPUs to reserve: up to the quantile at which one more would stand idle too often.

A reserved GPU is paid in every hour of the term, one on demand only in the hours that need it. The
next reserved GPU is worth its price while the share of hours that need it exceeds reserved price /
on-demand price; so one reserves up to the quantile 1 - reserved / on demand of demand pooled over
the term (the newsvendor of Arrow, Harris and Marschak 1951, whose overage and underage costs are
the reserved price and the difference to on demand).
"""

import math

import numpy as np

from forecasts.capacity.pooled import Pool
from forecasts.frames import FloatArray

#: Demand this little above a whole number of GPUs is that number: sums of floats are not exact.
_ROUNDING = 1e-9


def whole(gpus: FloatArray) -> FloatArray:
    """GPUs come whole: the next whole number of them."""
    return np.ceil(np.maximum(gpus, 0.0) - _ROUNDING)


def reserve_quantile(reserved: float, on_demand: float) -> float:
    """The quantile of pooled demand to reserve up to: 0 where a reservation saves nothing.

    Args:
        reserved: Price of a reserved GPU-hour.
        on_demand: Price of a GPU-hour on demand, same unit.

    Raises:
        ValueError: A price is negative or not a number, or on demand costs nothing.
    """
    if not (reserved >= 0.0 and on_demand > 0.0 and math.isfinite(on_demand)):
        raise ValueError(f"prices of {reserved} and {on_demand} cannot be compared")
    return max(0.0, 1.0 - reserved / on_demand)


def reserve(demand: Pool, quantile: float) -> int:
    """The cheapest number of GPUs to reserve: the smallest that covers this share of the hours.

    Args:
        demand: Pooled demand of the term, GPUs.
        quantile: What `reserve_quantile` says; 0 reserves nothing.
    """
    if quantile <= 0.0:
        return 0
    return int(whole(np.array(demand.quantile(quantile))))


def fleet_cost(
    demand: FloatArray, reserved_gpus: float, reserved: float, on_demand: float
) -> float:
    """Cost of a fleet over hours whose demand is known; what it lacks is bought on demand.

    Args:
        demand: (hours,) GPUs wanted.
        reserved_gpus: GPUs paid in every hour.
        reserved: Price of one of them per hour.
        on_demand: Price of a GPU-hour on demand.

    Returns:
        In the unit of the prices.
    """
    lacking = np.maximum(whole(demand) - reserved_gpus, 0.0)
    return float(reserved * reserved_gpus * demand.size + on_demand * lacking.sum())

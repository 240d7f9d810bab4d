"""What of the GPUs above the reserved ones may be spot, and what spot really costs.

A spot GPU that is taken back is replaced: for the time of the restart the work runs on demand, and
work since the last checkpoint is done again on demand. While a serving replica restarts, requests
wait; so serving may lean on spot only as far as the chance that any of its spot GPUs is missing
stays below a limit. Jobs may lean on it wholly: they lose money by an interruption, not an answer.
"""

import math
from dataclasses import dataclass

_MANY = 10**9


@dataclass(frozen=True)
class SpotOffer:
    """Spot capacity as the price list describes it.

    Attributes:
        hourly: Price of a GPU-hour.
        interruptions_per_hour: How often one GPU is taken back.
    """

    hourly: float
    interruptions_per_hour: float


@dataclass(frozen=True)
class SpotRules:
    """What an interruption costs, and how much of it serving bears.

    Attributes:
        restart_hours: From the interruption to a replica that answers again.
        lost_hours: Work of a job since its last checkpoint, on average, that is done again.
        serving_risk: Highest probability, at a moment, that a spot GPU of serving is missing.
    """

    restart_hours: float = 10 / 60
    lost_hours: float = 30 / 60
    serving_risk: float = 0.01


def effective_hourly(offer: SpotOffer, on_demand: float, hours_replaced: float) -> float:
    """Price of a spot GPU-hour with what its interruptions cost.

    Args:
        offer: The spot offer.
        on_demand: Price of the GPU-hour that stands in.
        hours_replaced: Hours bought on demand per interruption.
    """
    return offer.hourly + offer.interruptions_per_hour * hours_replaced * on_demand


def missing_share(offer: SpotOffer, restart_hours: float) -> float:
    """Share of the time that one spot GPU is being replaced (an alternating renewal process)."""
    down = offer.interruptions_per_hour * restart_hours
    return down / (1.0 + down)


def serving_limit(offer: SpotOffer, rules: SpotRules) -> int:
    """Most spot GPUs of serving such that all of them are there with probability 1 - risk.

    GPUs are taken back independently of each other here. Where they go together, as at one
    provider's shortage, the probability is smaller and the gap larger.
    """
    missing = missing_share(offer, rules.restart_hours)
    if missing <= 0.0:
        return _MANY
    if rules.serving_risk <= 0.0:
        return 0
    return min(_MANY, math.floor(math.log1p(-rules.serving_risk) / math.log1p(-missing) + 1e-9))

"""What plans of the past would have cost, beside the fleet that was held and one that knew."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecasts.capacity.hourly import ready_gpus
from forecasts.capacity.newsvendor import fleet_cost, reserve, reserve_quantile, whole
from forecasts.capacity.pooled import pool
from forecasts.capacity.scenario import Demand
from forecasts.frames import FloatArray


@dataclass(frozen=True)
class PastPlan:
    """A plan of the past, paid at the demand that came. Costs are USD over the hours.

    Everybody reserves at the same price and buys what is lacking on demand; spot is left out, for
    what it would have been is not known.

    Attributes:
        cutoff: Last hour that the plan knew.
        hours: Hours with a known demand after it.
        reserved: GPUs that the plan reserved.
        clairvoyant: GPUs to reserve for who knew.
        today: GPUs held before the cutoff; None where telemetry does not know.
        cost: Of the plan.
        clairvoyant_cost: Of who knew; never more than the plan's.
        today_cost: Of the fleet that was held, all of it at on-demand price.
        shortfall: Share of hours in which demand exceeded what the plan had ready.
        today_shortfall: Share of hours in which it exceeded the fleet.
    """

    cutoff: pd.Timestamp
    hours: int
    reserved: int
    clairvoyant: int
    today: float | None
    cost: float
    clairvoyant_cost: float
    today_cost: float | None
    shortfall: float
    today_shortfall: float | None


def past_plan(
    cutoff: pd.Timestamp,
    demand: Demand,
    actual: FloatArray,
    today: float | None,
    reserved: float,
    on_demand: float,
    service_level: float,
) -> PastPlan | None:
    """Make the plan of a cutoff, and pay it.

    Args:
        cutoff: Last hour that was known.
        demand: What was forecast for the hours after it.
        actual: (hours,) GPUs wanted in those hours; NaN where unknown.
        today: GPUs held before the cutoff.
        reserved: Price of a reserved GPU-hour, USD.
        on_demand: Price of one on demand.
        service_level: What the plan makes ready.

    Returns:
        None where no hour is known.
    """
    known = ~np.isnan(actual)
    if not known.any():
        return None
    came = actual[known]
    quantile = reserve_quantile(reserved, on_demand)
    planned = reserve(pool(demand.total), quantile)
    best = reserve(pool(came), quantile)
    ready = ready_gpus(demand, planned, service_level)[demand.hour_of_week][known]
    return PastPlan(
        cutoff=cutoff,
        hours=int(known.sum()),
        reserved=planned,
        clairvoyant=best,
        today=today,
        cost=fleet_cost(came, planned, reserved, on_demand),
        clairvoyant_cost=fleet_cost(came, best, reserved, on_demand),
        today_cost=None if today is None else fleet_cost(came, today, on_demand, on_demand),
        shortfall=float((whole(came) > ready).mean()),
        today_shortfall=None if today is None else float((came > today + 1e-9).mean()),
    )


def regret_vs_clairvoyant(plans: Sequence[PastPlan]) -> float | None:
    """What the plans cost above those that knew, over the latter's cost; None without a cost."""
    return _above([(plan.cost, plan.clairvoyant_cost) for plan in plans])


def regret_vs_today(plans: Sequence[PastPlan]) -> float | None:
    """What the plans cost above the fleet that was held, over its cost; negative saves."""
    return _above([(plan.cost, plan.today_cost) for plan in plans if plan.today_cost is not None])


def shortfall_ratio(plans: Sequence[PastPlan]) -> float | None:
    """Share of all hours in which demand exceeded what the plans had ready."""
    hours = sum(plan.hours for plan in plans)
    return sum(plan.shortfall * plan.hours for plan in plans) / hours if hours else None


def _above(costs: list[tuple[float, float]]) -> float | None:
    base = sum(other for _, other in costs)
    return (sum(cost for cost, _ in costs) - base) / base if base > 0.0 else None

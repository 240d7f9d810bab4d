"""The plan of one accelerator and term: reserve, ride on top, and what it costs and risks."""

from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np

from forecasts.capacity.hourly import Ride, SpotUse, ride
from forecasts.capacity.newsvendor import reserve, reserve_quantile, whole
from forecasts.capacity.offers import Commitment, Prices, usd
from forecasts.capacity.pooled import Pool, pool
from forecasts.capacity.scenario import Demand
from forecasts.capacity.spot import SpotRules, effective_hourly, missing_share, serving_limit


@dataclass(frozen=True)
class Rules:
    """What the planner may choose.

    Attributes:
        service_level: Probability that what is ready in an hour suffices.
        spot: How interruptions are borne.
    """

    service_level: float = 0.99
    spot: SpotRules = field(default_factory=SpotRules)


@dataclass(frozen=True)
class Fleet:
    """What is held today.

    Attributes:
        gpus: Mean GPUs held; None where telemetry does not know.
        hourly: USD per GPU-hour that it costs; None where neither bill nor list says.
    """

    gpus: float | None = None
    hourly: Decimal | None = None


@dataclass(frozen=True)
class Costs:
    """USD over the term; None where a price that is needed is missing."""

    reserved: Decimal | None
    on_demand: Decimal | None
    spot: Decimal | None
    expected: Decimal | None


@dataclass(frozen=True)
class TermPlan:
    """A plan.

    Attributes:
        demand: What it is for.
        pooled: Total demand over all hours of the term.
        commitment: Whose price the reservation has; None where nothing can be reserved.
        quantile: Reserve up to this quantile; None without an on-demand price.
        reserved: Whole GPUs; None without an on-demand price.
        ride: What rides on top, hour by hour; None without an on-demand price.
        costs: USD over the term.
        hour_costs: (hours,) USD expected in each hour; None where a price is missing.
        today_cost: USD of today's fleet over the term, with what it lacks; None where unknown.
        today_shortfall: Share of the hours in which demand exceeds today's fleet.
    """

    demand: Demand
    pooled: Pool
    commitment: Commitment | None
    quantile: float | None
    reserved: int | None
    ride: Ride | None
    costs: Costs
    hour_costs: np.ndarray | None
    today_cost: Decimal | None
    today_shortfall: float | None


def plan_term(
    demand: Demand, prices: Prices, commitment: Commitment | None, rules: Rules, today: Fleet
) -> TermPlan:
    """Plan one term.

    Args:
        demand: Possible demand of the term's hours.
        prices: Of the accelerator.
        commitment: The reservation at hand; None: nothing can be reserved.
        rules: Service level and spot.
        today: The fleet that it replaces.
    """
    pooled = pool(demand.total)
    today_cost, today_shortfall = _today(demand, prices, today)
    if prices.on_demand is None:
        nothing = Costs(None, None, None, None)
        return TermPlan(
            *(demand, pooled, commitment, None, None, None, nothing, None),
            *(today_cost, today_shortfall),
        )
    on_demand = float(prices.on_demand)
    quantile = reserve_quantile(float(commitment.hourly), on_demand) if commitment else 0.0
    reserved = reserve(pooled, quantile)
    use, serving_hourly, training_hourly = spot_use(prices, on_demand, rules)
    top = ride(demand, reserved, use, rules.service_level)
    spot_hours = top.spot_serving * serving_hourly + top.spot_training * training_hourly
    reserved_hourly = commitment.hourly if commitment else Decimal(0)
    reserved_cost = reserved_hourly * reserved * len(demand.ds)
    top_cost, spot_cost = usd(top.on_demand.sum() * on_demand), usd(spot_hours.sum())
    return TermPlan(
        demand=demand,
        pooled=pooled,
        commitment=commitment,
        quantile=quantile,
        reserved=reserved,
        ride=top,
        costs=Costs(reserved_cost, top_cost, spot_cost, reserved_cost + top_cost + spot_cost),
        hour_costs=float(reserved_hourly) * reserved + top.on_demand * on_demand + spot_hours,
        today_cost=today_cost,
        today_shortfall=today_shortfall,
    )


def spot_use(prices: Prices, on_demand: float, rules: Rules) -> tuple[SpotUse, float, float]:
    """How spot is used, and what an hour of it costs for serving and for jobs.

    It is used only where it is cheaper than on demand with its interruptions paid.
    """
    offer = prices.spot_offer
    if offer is None:
        return SpotUse(), 0.0, 0.0
    restart, lost = rules.spot.restart_hours, rules.spot.lost_hours
    serving = effective_hourly(offer, on_demand, restart)
    training = effective_hourly(offer, on_demand, restart + lost)
    use = SpotUse(
        serving_gpus=serving_limit(offer, rules.spot) if serving < on_demand else 0,
        for_training=training < on_demand,
        missing_share=missing_share(offer, restart),
    )
    return use, serving, training


def _today(demand: Demand, prices: Prices, today: Fleet) -> tuple[Decimal | None, float | None]:
    """Cost of keeping today's fleet, and how often it falls short."""
    if today.gpus is None:
        return None, None
    wanted = demand.total
    shortfall = float((wanted > today.gpus + 1e-9).mean())
    if today.hourly is None or prices.on_demand is None:
        return None, shortfall
    lacking = np.maximum(whole(wanted) - today.gpus, 0.0).mean(axis=1).sum()
    kept = today.gpus * len(demand.ds) * float(today.hourly)
    return usd(kept + lacking * float(prices.on_demand)), shortfall

"""One accelerator as the planner finds it: its demand, prices, fleet and past; and its plans."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from forecasts.capacity.levels import LevelDrift
from forecasts.capacity.offers import MONTH, Commitment, Prices
from forecasts.capacity.plan import Fleet, Rules, TermPlan, plan_term
from forecasts.capacity.scenario import Demand, extended

WITHIN, BEYOND = "within horizon", "extrapolated"
_FORECAST = "forecast"


@dataclass(frozen=True)
class Situation:
    """What is known of an accelerator at one moment.

    Attributes:
        accelerator: As telemetry spells it.
        demand: Of the hours that are forecast.
        serving_drift: How the level of serving wanders beyond them.
        training_drift: That of training.
        prices: Of the price list.
        fleet: What is held today.
        rules: What the planner may choose.
        change: What a what-if does to the demand of a term; nothing by default.
    """

    accelerator: str
    demand: Demand
    serving_drift: LevelDrift
    training_drift: LevelDrift
    prices: Prices
    fleet: Fleet = field(default_factory=Fleet)
    rules: Rules = field(default_factory=Rules)
    change: Callable[[Demand], Demand] | None = None

    def but(self, change: Callable[[Demand], Demand]) -> "Situation":
        """The same with one more change of demand."""
        before = self.change
        return replace(self, change=change if before is None else lambda d: change(before(d)))


@dataclass(frozen=True)
class NamedPlan:
    """A plan of a term by its name.

    Attributes:
        term: `month`, or the commitment's.
        plan: The plan.
        evidence: `within horizon` or `extrapolated`.
        method: How demand beyond the horizon was estimated.
    """

    term: str
    plan: TermPlan
    evidence: str
    method: str


def plans_of(situation: Situation) -> list[NamedPlan]:
    """Plan the month that is forecast, and every commitment that the price list names.

    The month is planned at the price of the shortest commitment: what the forecast by itself would
    justify. A commitment whose term reaches beyond the forecast is planned on demand carried on.
    """
    prices = situation.prices
    horizon = len(situation.demand.ds)
    plans = [_planned(situation, MONTH, horizon, prices.shortest)]
    for offer in sorted(prices.commitments, key=lambda offer: offer.hours):
        plans.append(_planned(situation, offer.term, offer.hours, offer))
    return plans


def _planned(
    situation: Situation, term: str, hours: int, commitment: Commitment | None
) -> NamedPlan:
    demand = extended(situation.demand, hours, situation.serving_drift, situation.training_drift)
    if situation.change is not None:
        demand = situation.change(demand)
    plan = plan_term(demand, situation.prices, commitment, situation.rules, situation.fleet)
    if hours <= len(situation.demand.ds):
        return NamedPlan(term, plan, WITHIN, _FORECAST)
    drift = situation.serving_drift if demand.serving.any() else situation.training_drift
    return NamedPlan(term, plan, BEYOND, drift.method)

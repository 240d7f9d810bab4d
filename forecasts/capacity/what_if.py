"""What if: more traffic, a launch, a model on another accelerator. Each changes demand, not fact.

Every change takes the demand of a term and gives that of the same term in the other world; the plan
of it is then made as any other, and the difference of the two is the answer.
"""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import pandas as pd

from forecasts.capacity.scenario import Demand, spare_levels
from forecasts.capacity.situation import NamedPlan, Situation, plans_of
from forecasts.frames import HOUR, FloatArray
from forecasts.gpus import moved_gpus
from forecasts.quantile_function import hourly_values
from forecasts.queueing import load_for_wait, servers_for_wait

#: A load this little above what servers bear is theirs: the limit was found by halving.
_ROUNDING = 1e-9


def more_traffic(demand: Demand, factor: float) -> Demand:
    """Requests times a factor (1.5 is 50 % more); jobs stay as they are.

    Raises:
        ValueError: The factor is negative or not a number.
    """
    if not factor >= 0.0:
        raise ValueError(f"traffic cannot be {factor} times what it is")
    return demand.with_serving(lambda gpus: gpus * factor)


def launch(demand: Demand, on: pd.Timestamp, gpus: float, ramp_days: float = 14.0) -> Demand:
    """A launch adds serving that grows in a straight line to its full size.

    Args:
        demand: Of the term.
        on: When it begins, naive UTC.
        gpus: Mean GPUs at full size; the hours of the week share them as serving does now, and
            alike where nothing is served.
        ramp_days: Days until full size; 0 is at once.
    """
    since = np.asarray((demand.ds - on) / HOUR, dtype=np.float64) + 1.0
    grown = np.clip(since / max(ramp_days * 24.0, 1.0), 0.0, 1.0)
    added = gpus * grown[:, None] * _shape(demand)[:, None]
    return demand.with_serving(lambda now: now + added)


def without(demand: Demand, share: FloatArray) -> Demand:
    """Take a model away.

    Args:
        demand: Of the accelerator that it leaves.
        share: (hours of week,) its share of the mean serving demand in each hour of the week: a
            model's quantiles cannot be taken from those of a total.
    """
    kept = 1.0 - np.clip(share[demand.hour_of_week], 0.0, 1.0)
    return demand.with_serving(lambda now: now * kept[:, None])


def with_model(
    demand: Demand, quantiles: FloatArray, from_throughput: float, to_throughput: float
) -> Demand:
    """Add a model that ran elsewhere; how its demand falls is independent of what is here.

    Args:
        demand: Of the accelerator that it comes to.
        quantiles: (hours of week, 5) of its demand, in GPUs of the kind that it comes from.
        from_throughput: What one of those sustains for it, tokens per second.
        to_throughput: What one of these does.
    """
    moved = moved_gpus(hourly_values(quantiles, spare_levels()), from_throughput, to_throughput)
    return demand.with_serving(lambda now: now + moved[demand.hour_of_week])


def waiting_at_most(demand: Demand, service_s: float, wait_s: float, level: float = 0.95) -> Demand:
    """GPUs with which requests wait no longer than an objective, instead of those kept busy.

    Args:
        demand: Serving in GPUs kept busy, which is the load of the queue.
        service_s: Mean seconds that one GPU works on a request.
        wait_s: The objective in seconds.
        level: Share of requests that it is for.

    Raises:
        ValueError: See `queueing.servers_for_wait`.
    """
    highest = servers_for_wait(demand.serving.max(initial=0.0), service_s, wait_s, level)
    borne = load_for_wait(np.arange(1.0, float(highest) + 1.0), service_s, wait_s, level)
    servers = np.searchsorted(borne, demand.serving - _ROUNDING) + 1.0
    return demand.with_serving(lambda now: np.where(now > 0.0, servers, 0.0))


@dataclass(frozen=True)
class Difference:
    """A plan in both worlds.

    Attributes:
        term: Of the plan.
        before: As it is.
        after: As it would be.
        cost_usd: What the other world costs more over the term; None where a price is missing.
    """

    term: str
    before: NamedPlan
    after: NamedPlan
    cost_usd: Decimal | None


def compare(before: Situation, after: Situation) -> list[Difference]:
    """Plan both worlds, term by term."""
    return [
        Difference(old.term, old, new, _more(old, new))
        for old, new in zip(plans_of(before), plans_of(after), strict=True)
    ]


def _more(before: NamedPlan, after: NamedPlan) -> Decimal | None:
    old, new = before.plan.costs.expected, after.plan.costs.expected
    return None if old is None or new is None else new - old


def _shape(demand: Demand) -> FloatArray:
    """(hours,) serving by hour of the week over its mean."""
    means = demand.serving.mean(axis=1)
    if not means.any():
        return np.ones(len(means))
    by_hour = pd.Series(means).groupby(demand.hour_of_week).transform("mean").to_numpy()
    return by_hour / by_hour.mean()

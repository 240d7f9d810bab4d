"""What-ifs applied to every accelerator that they touch."""

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from forecasts.capacity import what_if
from forecasts.capacity.asked import Asked
from forecasts.capacity.moves import Moves
from forecasts.capacity.scenario import Demand
from forecasts.capacity.situation import Situation
from forecasts.frames import WEEK_HOURS, FloatArray


def changed(
    known: Mapping[str, Situation], asked: Asked, moves: Moves, service_s: Mapping[str, float]
) -> dict[str, Situation]:
    """Every accelerator in the world asked for: moves, traffic, launches, and the wait last.

    Args:
        known: By accelerator.
        asked: What-ifs.
        moves: What moving needs.
        service_s: Seconds that a GPU works on a request, by accelerator.

    Raises:
        ValueError: A model, a throughput or a time that is asked for is not known.
    """
    after = dict(known)
    for model, target in asked.moves:
        _move(after, known, model, target, moves)
    for name, situation in after.items():
        if asked.traffic != 1.0:
            situation = situation.but(partial(what_if.more_traffic, factor=asked.traffic))
        for where, gpus, on in asked.launches:
            if where == name:
                situation = situation.but(partial(what_if.launch, on=on, gpus=gpus))
        if asked.wait_s is not None and name in service_s:
            situation = situation.but(_waits(service_s[name], asked.wait_s))
        after[name] = situation
    return after


def _move(
    after: dict[str, Situation],
    known: Mapping[str, Situation],
    model: str,
    target: str,
    moves: Moves,
) -> None:
    sources = {name: gpus for name, gpus in moves.sources(model).items() if name != target}
    if not sources:
        raise ValueError(f"no forecast of {model} on an accelerator other than {target}")
    for source, gpus in sources.items():
        pair = moves.throughput_pair(model, source, target)
        if source in after:
            share = _share(gpus, known[source].demand)
            after[source] = after[source].but(partial(what_if.without, share=share))
        arrives = partial(
            what_if.with_model, quantiles=gpus, from_throughput=pair[0], to_throughput=pair[1]
        )
        after[target] = after[target].but(arrives)


def _share(gpus: FloatArray, demand: Demand) -> FloatArray:
    """(168,) share of a model's median in the accelerator's mean serving, by hour of the week."""
    means = np.zeros(WEEK_HOURS)
    counts = np.bincount(demand.hour_of_week, minlength=WEEK_HOURS)
    sums = np.bincount(demand.hour_of_week, demand.serving.mean(axis=1), minlength=WEEK_HOURS)
    np.divide(sums, counts, out=means, where=counts > 0)
    return np.divide(gpus[:, 0], means, out=np.zeros(WEEK_HOURS), where=means > 0.0)


def _waits(service_s: float, wait_s: float) -> Callable[[Demand], Demand]:
    return partial(what_if.waiting_at_most, service_s=service_s, wait_s=wait_s)

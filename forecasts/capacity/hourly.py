"""What rides on top of the reserved GPUs, by the hour: on demand, spot, what may lack."""

from dataclasses import dataclass

import numpy as np

from forecasts.capacity.newsvendor import whole
from forecasts.capacity.pooled import pool
from forecasts.capacity.scenario import Demand
from forecasts.frames import WEEK_HOURS, FloatArray


@dataclass(frozen=True)
class SpotUse:
    """How spot may be used.

    Attributes:
        serving_gpus: Most spot GPUs that serving leans on; 0 where it does not pay.
        for_training: Whether jobs run on spot above the reserved GPUs.
        missing_share: Share of the time that one spot GPU is being replaced.
    """

    serving_gpus: int = 0
    for_training: bool = False
    missing_share: float = 0.0


@dataclass(frozen=True)
class Ride:
    """Means over the possible demands of each hour, GPUs; all (hours,).

    Attributes:
        on_demand: GPUs on demand.
        spot_serving: Spot GPUs of serving.
        spot_training: Spot GPUs of jobs.
        shortfall: Probability that demand exceeds what is ready, or a spot GPU of serving is away.
        ready: Whole GPUs within reach, reserved ones included.
    """

    on_demand: FloatArray
    spot_serving: FloatArray
    spot_training: FloatArray
    shortfall: FloatArray
    ready: FloatArray


def ready_gpus(demand: Demand, reserved: float, service_level: float) -> FloatArray:
    """GPUs that must be within reach in each hour of the week so that demand is met this often.

    Args:
        demand: Of the term; each hour of the week pools its hours.
        reserved: GPUs that are there anyway.
        service_level: Probability that they suffice.

    Returns:
        (168,) whole GPUs, at least the reserved ones; NaN for hours of week outside of the term.
    """
    ready = np.full(WEEK_HOURS, np.nan)
    total, hours = demand.total, demand.hour_of_week
    for hour in np.unique(hours):
        ready[hour] = pool(total[hours == hour]).quantile(service_level)
    return np.where(np.isnan(ready), np.nan, np.maximum(whole(ready), reserved))


def ride(demand: Demand, reserved: float, spot: SpotUse, service_level: float) -> Ride:
    """Put what exceeds the reserved GPUs on spot and on demand.

    Serving takes the reserved GPUs first and jobs what is left of them, since jobs bear an
    interruption better. Above them GPUs come whole.

    Args:
        demand: Of the term.
        reserved: GPUs reserved.
        spot: What may be spot.
        service_level: What is made ready; see `ready_gpus`.
    """
    ready = ready_gpus(demand, reserved, service_level)[demand.hour_of_week]
    wanted = whole(demand.total)
    top = np.maximum(wanted - reserved, 0.0)
    serving = np.minimum(top, np.maximum(whole(demand.serving) - reserved, 0.0))
    training = top - serving
    spot_serving = np.minimum(serving, spot.serving_gpus)
    spot_training = training if spot.for_training else np.zeros_like(training)
    all_there = (1.0 - spot.missing_share) ** spot_serving
    met = np.where(wanted <= ready[:, None], all_there, 0.0)
    return Ride(
        on_demand=(top - spot_serving - spot_training).mean(axis=1),
        spot_serving=spot_serving.mean(axis=1),
        spot_training=spot_training.mean(axis=1),
        shortfall=1.0 - met.mean(axis=1),
        ready=ready,
    )

"""How good probabilities of events were: small pure functions over aligned arrays."""

import numpy as np

from forecasts.frames import FloatArray

#: No forecast of one day is so sure that being wrong may cost without bound.
_SUREST = 1e-3


def brier(happened: np.ndarray, probability: FloatArray) -> float:
    """Mean squared error of probabilities (Brier 1950); 0 is perfect, NaN of no events.

    Args:
        happened: (days,) whether it did.
        probability: (days,) what was said.
    """
    if not happened.size:
        return float("nan")
    return float(np.square(probability - happened).mean())


def log_score(happened: np.ndarray, probability: FloatArray) -> float:
    """Mean negative log probability of what came (Good 1952), in nats; 0 is perfect.

    Args:
        happened: (days,) whether it did.
        probability: (days,) what was said, held within [0.001, 0.999].
    """
    if not happened.size:
        return float("nan")
    said = np.clip(probability, _SUREST, 1.0 - _SUREST)
    return float(-np.log(np.where(happened, said, 1.0 - said)).mean())

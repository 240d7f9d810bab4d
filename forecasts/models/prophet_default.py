"""Prophet as it comes out of the box: the reference that others are measured against."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from forecasts.frames import LEVELS, FloatArray, proper
from forecasts.panel import Panel

_QUIET_LOGGERS = ("prophet", "prophet.plot", "cmdstanpy")
_SEED = 20240229


@dataclass(frozen=True)
class ProphetDefault:
    """`Prophet()` with its defaults, one Stan fit per series, quantiles of its own samples.

    Not in the competition: it is slow, and loses to the tuned estimate of the same model.
    """

    name: str = "prophet_default"

    def predict(self, panel: Panel, horizon: int, levels: Sequence[float] = LEVELS) -> FloatArray:
        """Predict `horizon` hours; see `Forecaster.predict`."""
        prophet_class = _import_prophet()
        future = pd.DataFrame({"ds": panel.future(horizon)})
        answers = np.empty((len(panel.ids), horizon, len(levels)))
        for row in range(len(panel.ids)):
            known = pd.DataFrame({"ds": panel.ds, "y": panel.y[row]}).dropna()
            if len(known) < 2:
                answers[row] = known["y"].iloc[-1]
                continue
            model = prophet_class()
            model.fit(known, seed=_SEED)
            samples = _with_seed(lambda model=model: model.predictive_samples(future)["yhat"])
            answers[row] = np.quantile(np.asarray(samples), levels, axis=1).T
        return proper(answers)


def _import_prophet() -> Any:
    """Import Prophet where a model is really fitted (it takes 3 s), and keep it quiet."""
    for name in _QUIET_LOGGERS:
        logger = logging.getLogger(name)
        logger.setLevel(logging.CRITICAL)
        # cmdstanpy turns itself up to DEBUG unless its logger has a handler.
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())
    from prophet import Prophet

    return Prophet


def _with_seed(draw: Any) -> Any:
    """Run a draw from NumPy's global generator, Prophet's only source, and put it back after."""
    state = np.random.get_state()
    np.random.seed(_SEED)
    try:
        return draw()
    finally:
        np.random.set_state(state)

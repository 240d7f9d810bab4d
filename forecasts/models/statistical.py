"""Classical models of the package statsforecast behind one adapter."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from forecasts.frames import DAY_HOURS, LEVELS, WEEK_HOURS, FloatArray, proper
from forecasts.panel import Panel

Kind = Literal["mstl", "theta", "ets"]


@dataclass(frozen=True)
class Statistical:
    """MSTL with an exponentially smoothed trend, the dynamic optimised Theta, or automatic ETS.

    Not in the competition by default, where each is fitted anew for every series and fold.
    Gaps are bridged by straight lines. Series shorter than two seasons have none.

    Attributes:
        kind: Which one.
    """

    kind: Kind = "mstl"

    @property
    def name(self) -> str:
        """The model's name."""
        return self.kind

    def predict(self, panel: Panel, horizon: int, levels: Sequence[float] = LEVELS) -> FloatArray:
        """Predict `horizon` hours; see `Forecaster.predict`."""
        widths = sorted({_width(level) for level in levels if level != 0.5})
        answers = np.empty((len(panel.ids), horizon, len(levels)))
        for row, start in enumerate(panel.first_hours()):
            y = _bridged(panel.y[row, start:])
            scale = float(np.abs(y).mean())
            if np.ptp(y) == 0.0 or len(y) < 2 * DAY_HOURS:
                answers[row] = y[-1]
                continue
            answer = self._model(len(y)).forecast(y / scale, horizon, level=widths)
            answers[row] = scale * np.stack([_at(answer, level) for level in levels], axis=1)
        return proper(answers)

    def _model(self, hours: int) -> Any:
        from statsforecast import models

        weekly = hours >= 2 * WEEK_HOURS
        if self.kind == "mstl":
            trend = models.AutoETS(model="ZZN")
            seasons = [DAY_HOURS, WEEK_HOURS] if weekly else DAY_HOURS
            return models.MSTL(season_length=seasons, trend_forecaster=trend)
        if self.kind == "theta":
            return models.DynamicOptimizedTheta(season_length=DAY_HOURS)
        return models.AutoETS(season_length=DAY_HOURS, model="ZZZ")


def _width(level: float) -> float:
    """The central interval, in percent, one of whose ends is the level."""
    return round(abs(2.0 * level - 1.0) * 100.0, 6)


def _at(answer: dict[str, FloatArray], level: float) -> FloatArray:
    if level == 0.5:
        return answer["mean"]
    width = _width(level)
    side = "hi" if level > 0.5 else "lo"
    name = next(k for k in answer if k.startswith(f"{side}-") and float(k[3:]) == width)
    return answer[name]


def _bridged(y: FloatArray) -> FloatArray:
    known = ~np.isnan(y)
    at = np.arange(len(y))
    return np.interp(at, at[known], y[known])

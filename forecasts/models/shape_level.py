"""The shape of the week times the recent level."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from forecasts.frames import DAY_HOURS, LEVELS, WEEK_HOURS, FloatArray, proper
from forecasts.panel import Panel
from forecasts.shapes import hour_of_week, last_known, rolling_mean, week_shapes

#: An hour that is nearly always silent is compared with this share of the mean hour at least.
_MIN_SHAPE = 0.02
#: Last hour of each stretch of the horizon, and how far ahead its typical hour lies.
_STRETCHES = ((DAY_HOURS, 12), (WEEK_HOURS, 96), (4 * WEEK_HOURS, 336))


@dataclass(frozen=True)
class ShapeLevel:
    """Week shape times level, with the quantiles of how past hours stood to such a forecast.

    The level is the mean of the last `window` hours freed of the shape.

    Attributes:
        name: The model's name.
        window: Hours whose mean is the level.
    """

    name: str = "shape_level"
    window: int = WEEK_HOURS

    def predict(self, panel: Panel, horizon: int, levels: Sequence[float] = LEVELS) -> FloatArray:
        """Predict `horizon` hours; see `Forecaster.predict`."""
        shape = np.maximum(week_shapes(panel), _MIN_SHAPE)
        past = shape[:, hour_of_week(panel.ds)]
        flat = panel.y / past
        trailing = rolling_mean(flat, self.window - 1)
        level = last_known(trailing)
        point = shape[:, hour_of_week(panel.future(horizon))] * level[:, None]
        answers = np.empty((*point.shape, len(levels)))
        first = 0
        for last, ahead in _STRETCHES:
            if first < horizon:
                rest = slice(first, horizon if last == _STRETCHES[-1][0] else last)
                spread = _ratio_quantiles(flat, trailing, ahead, levels)
                answers[:, rest] = point[:, rest, None] * spread[:, None, :]
            first = last
        return proper(answers)


def _ratio_quantiles(
    flat: FloatArray, trailing: FloatArray, ahead: int, levels: Sequence[float]
) -> FloatArray:
    """(series, levels) quantiles of hours over the level known `ahead` hours before; else 1."""
    ahead = min(ahead, max(flat.shape[1] // 3, 1))
    answers = np.ones((len(flat), len(levels)))
    for series in range(len(flat)):
        now, then = flat[series, ahead:], trailing[series, :-ahead]
        usable = ~np.isnan(now) & (then > 0.0)
        if usable.any():
            answers[series] = np.quantile(now[usable] / then[usable], levels)
    return answers

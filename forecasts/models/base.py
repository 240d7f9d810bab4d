"""What a forecasting model must offer."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import pandas as pd

from forecasts.frames import HOUR, LEVELS, QUANTILES, FloatArray
from forecasts.panel import Panel, to_panel


class Forecaster(Protocol):
    """A model that turns a panel of hourly series into quantiles of their future."""

    @property
    def name(self) -> str:
        """The model's name in the published tables."""
        ...

    def predict(self, panel: Panel, horizon: int, levels: Sequence[float] = LEVELS) -> FloatArray:
        """Predict the hours after the panel's end.

        Args:
            panel: The history, with at least one series.
            horizon: Hours to predict.
            levels: Quantile levels, ascending, each between 0 and 1.

        Returns:
            (series, horizon, levels) in the unit of the panel: finite, not negative, not
            crossing, the same for the same input; multiplied by c where the panel is.
        """
        ...


def fit_predict(forecaster: Forecaster, history: pd.DataFrame, horizon: int) -> pd.DataFrame:
    """Forecast a long frame.

    Args:
        forecaster: The model.
        history: Columns unique_id, ds (naive UTC) and y; a missing hour or NaN is unknown. The
            newest hour of all series is the last one known.
        horizon: Hours to predict after it.

    Returns:
        unique_id, ds and `QUANTILES`, ordered by unique_id and ds; empty for an empty history.

    Raises:
        KeyError: A column is missing.
    """
    known = history.loc[history["y"].notna(), ["unique_id", "ds", "y"]]
    columns = ["unique_id", "ds", *QUANTILES]
    if known.empty:
        return pd.DataFrame(columns=pd.Index(columns))
    panel = to_panel(known, pd.Timestamp(known["ds"].max()))
    return long_frame(panel, forecaster.predict(panel, horizon))[columns]


def long_frame(panel: Panel, quantiles: FloatArray) -> pd.DataFrame:
    """Lay (series, horizon, 5) quantiles out as rows: unique_id, ds and `QUANTILES`."""
    series, horizon, levels = quantiles.shape
    frame = pd.DataFrame(quantiles.reshape(-1, levels), columns=pd.Index(list(QUANTILES)))
    ds = pd.date_range(panel.end + HOUR, periods=horizon, freq="h").to_numpy()
    frame.insert(0, "ds", np.tile(ds, series))
    frame.insert(0, "unique_id", np.repeat(np.asarray(panel.ids, dtype=object), horizon))
    return frame

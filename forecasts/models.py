"""What a forecasting model must offer, and the models that compete by default."""

from typing import Protocol

import pandas as pd

from forecasts.prophet_model import ProphetForecaster
from forecasts.seasonal_naive import SeasonalNaive


class Forecaster(Protocol):
    """A model that turns one hourly series into quantiles of its future."""

    @property
    def name(self) -> str:
        """The model's name in the published tables."""
        ...

    def fit_predict(self, y: pd.DataFrame, horizon: int) -> pd.DataFrame:
        """Fit on one series and predict the hours after its end.

        Args:
            y: Columns ds (full hourly grid, naive UTC) and y (float; NaN is unknown), with at
                least one known value.
            horizon: Hours to predict.

        Returns:
            `horizon` rows with columns ds, y_p50, y_p80, y_p90, y_p95, y_p99 in the unit of y:
            finite, not negative, not crossing, the same for the same input.
        """
        ...


def default_forecasters() -> tuple[Forecaster, ...]:
    """List the competing models; the first is the baseline that the others must beat."""
    return (SeasonalNaive(), ProphetForecaster())

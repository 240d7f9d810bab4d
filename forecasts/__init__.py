"""Demand forecasts with honest uncertainty: pure functions from data frames to data frames.

`forecast_demand` is the one call most readers need. The models implement `Forecaster`; `metrics`
and `backtest` say how wrong they were. Nothing in here knows a path, a database or a scheduler.
"""

from forecasts.demand import forecast_demand
from forecasts.frames import BACKTEST_COLUMNS, FORECAST_COLUMNS, QUANTILES, DemandForecast
from forecasts.models import Forecaster, default_forecasters
from forecasts.prophet_model import ProphetForecaster
from forecasts.seasonal_naive import SeasonalNaive

__all__ = [
    "BACKTEST_COLUMNS",
    "FORECAST_COLUMNS",
    "QUANTILES",
    "DemandForecast",
    "Forecaster",
    "ProphetForecaster",
    "SeasonalNaive",
    "default_forecasters",
    "forecast_demand",
]

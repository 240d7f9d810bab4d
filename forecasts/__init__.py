"""Demand forecasts with honest uncertainty: pure functions from data frames to data frames.

`forecast_demand` is the one call most readers need; `fit_predict` asks one model of `models`.
`metrics` and `backtest` say how wrong they were. Nothing in here knows a path, a database or a
scheduler.
"""

from forecasts.demand import forecast_demand, forecast_groups
from forecasts.events import Event, Events
from forecasts.frames import BACKTEST_COLUMNS, FORECAST_COLUMNS, QUANTILES, DemandForecast
from forecasts.models import (
    Combination,
    Forecaster,
    GlobalQuantiles,
    LikeHours,
    ProphetDefault,
    ProphetForecaster,
    SeasonalNaive,
    ShapeLevel,
    default_forecasters,
    fit_predict,
    named,
)
from forecasts.panel import Panel, to_panel

__all__ = [
    "BACKTEST_COLUMNS",
    "FORECAST_COLUMNS",
    "QUANTILES",
    "Combination",
    "DemandForecast",
    "Event",
    "Events",
    "Forecaster",
    "GlobalQuantiles",
    "LikeHours",
    "Panel",
    "ProphetDefault",
    "ProphetForecaster",
    "SeasonalNaive",
    "ShapeLevel",
    "default_forecasters",
    "fit_predict",
    "forecast_demand",
    "forecast_groups",
    "named",
    "to_panel",
]

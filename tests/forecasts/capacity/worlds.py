"""Planted demand and prices for the capacity tests."""

from decimal import Decimal

import numpy as np
import pandas as pd

from forecasts.capacity.levels import LevelDrift
from forecasts.capacity.offers import Commitment, Prices
from forecasts.capacity.plan import Fleet, Rules
from forecasts.capacity.scenario import Demand, of_forecast
from forecasts.capacity.situation import Situation

START = pd.Timestamp("2026-06-01")  # a Monday
STEADY = LevelDrift(0.0, 0.0, "steady")
PRICES = Prices(
    provider="aws",
    on_demand=Decimal("2.50"),
    commitments=(Commitment("1y", Decimal("1.00")),),
    spot=Decimal("0.90"),
    interruptions_per_hour=0.02,
)


def hours(count: int = 672) -> pd.DatetimeIndex:
    return pd.date_range(START, periods=count, freq="h", name="ds")


def sure(values: np.ndarray) -> np.ndarray:
    """(hours, 5) quantiles of demand that is certain."""
    return np.repeat(np.asarray(values, dtype=np.float64)[:, None], 5, axis=1)


def by_hour_of_day(count: int = 672) -> np.ndarray:
    """1 GPU from midnight, 2 from 1 o'clock, ... 24 from 23 o'clock."""
    return (np.arange(count) % 24 + 1).astype(np.float64)


def demand(serving: np.ndarray | None = None, training: np.ndarray | None = None) -> Demand:
    count = len(serving if serving is not None else training)  # pyright: ignore
    return of_forecast(
        hours(count),
        None if serving is None else sure(serving),
        None if training is None else sure(training),
    )


def situation(
    of: Demand,
    prices: Prices = PRICES,
    fleet: Fleet | None = None,
    rules: Rules | None = None,
) -> Situation:
    return Situation("H100", of, STEADY, STEADY, prices, fleet or Fleet(), rules or Rules())

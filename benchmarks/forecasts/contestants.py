"""Who competes: the forecast path as it ships, its models one by one, and default Prophet."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from benchmarks.forecasts.folds import as_history
from forecasts import QUANTILES, Forecaster, forecast_demand, named
from forecasts.frames import FloatArray
from forecasts.panel import Panel

#: What the shipped path publishes: the champion of each series.
SHIPPED = "shipped"
SEASONAL_NAIVE = "seasonal_naive"
DEFAULT_PROPHET = "prophet_default"

_MEASURE = "requests"


@dataclass(frozen=True)
class Contestant:
    """One thing that forecasts a panel; may answer with several models.

    Attributes:
        name: What `--models` calls it.
        forecast: From panel and horizon to (series, horizon, 5) per model.
    """

    name: str
    forecast: Callable[[Panel, int], dict[str, FloatArray]]


def shipped(panel: Panel, horizon: int) -> dict[str, FloatArray]:
    """Run `forecast_demand` as a refresh does, with backtest and choice.

    Returns:
        Its champions as `shipped`, and each of its models under its own name.
    """
    made = forecast_demand(as_history(panel, _MEASURE), panel.end, horizon_hours=horizon)
    rows = made.forecasts
    found = {
        str(model): _array(part, panel, horizon)
        for model, part in rows.groupby("model", sort=True)
        if part["unique_id"].nunique() == len(panel.ids)
    }
    return {SHIPPED: _array(rows[rows["is_champion"]], panel, horizon)} | found


def contestants(names: Sequence[str] = ()) -> tuple[Contestant, ...]:
    """Choose who competes.

    Args:
        names: `shipped`, or models by name, which run without backtest and choice. Empty: the
            shipped path, which holds all of its models, and default Prophet.

    Raises:
        KeyError: No model has that name.
    """
    chosen = names or (SHIPPED, DEFAULT_PROPHET)
    return tuple(
        Contestant(name, shipped if name == SHIPPED else _alone(named(name))) for name in chosen
    )


def run(contestant: Contestant, panel: Panel, horizon: int) -> Iterator[tuple[str, FloatArray]]:
    """Name and quantiles of each model that a contestant answers with."""
    yield from contestant.forecast(panel, horizon).items()


def _alone(forecaster: Forecaster) -> Callable[[Panel, int], dict[str, FloatArray]]:
    """One forecaster on the panel, without backtest and choice."""
    return lambda panel, horizon: {forecaster.name: forecaster.predict(panel, horizon)}


def _array(rows: pd.DataFrame, panel: Panel, horizon: int) -> FloatArray:
    ordered = rows.sort_values(["unique_id", "ds"], kind="stable")
    expected = (len(panel.ids), horizon, len(QUANTILES))
    ids = tuple(ordered["unique_id"].drop_duplicates())
    if len(ordered) != expected[0] * expected[1] or ids != panel.ids:
        raise ValueError(f"{len(ordered)} rows for {len(panel.ids)} series of {horizon} hours")
    return ordered[list(QUANTILES)].to_numpy(dtype=np.float64).reshape(expected)

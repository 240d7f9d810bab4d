"""Who competes: the forecast path as it ships, its models one by one, and default Prophet."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.forecasts.folds import as_history
from forecasts import QUANTILES, Forecaster, default_forecasters, forecast_demand
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


def default_prophet(panel: Panel, horizon: int) -> dict[str, FloatArray]:
    """`Prophet()` as its documentation begins: one series after the other, nothing chosen.

    Quantiles are those of its own predictive samples; they may be negative, as its are.
    """
    answers = [prophet_quantiles(panel, row, horizon) for row in range(len(panel.ids))]
    return {DEFAULT_PROPHET: np.stack(answers)}


def prophet_quantiles(panel: Panel, row: int, horizon: int) -> FloatArray:
    """Fit default Prophet on one series; (horizon, 5)."""
    model = fit_default_prophet(panel, row)
    future = pd.DataFrame({"ds": panel.future(horizon)})
    samples = _seeded(lambda: model.predictive_samples(future)["yhat"])
    return np.quantile(samples, list(QUANTILES.values()), axis=1).T


def fit_default_prophet(panel: Panel, row: int) -> Any:
    """Fit `Prophet()` on one series' known hours."""
    from forecasts.prophet_model import _import_prophet

    known = pd.DataFrame({"ds": panel.ds, "y": panel.y[row]}).dropna()
    return _import_prophet()().fit(known, seed=1)


def contestants(names: Sequence[str] = ()) -> tuple[Contestant, ...]:
    """Choose who competes.

    Args:
        names: `shipped`, `prophet_default` or the name of a forecaster, which then runs without
            backtest and choice. Empty: the shipped path, which holds all of its models, and
            default Prophet.

    Raises:
        ValueError: Nobody has that name.
    """
    doors = {SHIPPED: shipped, DEFAULT_PROPHET: default_prophet}
    alone = {one.name: one for one in default_forecasters()}
    unknown = [name for name in names if name not in doors and name not in alone]
    if unknown:
        raise ValueError(f"unknown {', '.join(unknown)}; known: {', '.join([*doors, *alone])}")
    chosen = names or tuple(doors)
    return tuple(
        Contestant(name, doors[name] if name in doors else _alone(alone[name])) for name in chosen
    )


def run(contestant: Contestant, panel: Panel, horizon: int) -> Iterator[tuple[str, FloatArray]]:
    """Name and quantiles of each model that a contestant answers with."""
    yield from contestant.forecast(panel, horizon).items()


def _alone(forecaster: Forecaster) -> Callable[[Panel, int], dict[str, FloatArray]]:
    """One forecaster on the panel, without backtest and choice."""

    def forecast(panel: Panel, horizon: int) -> dict[str, FloatArray]:
        answers: list[FloatArray] = []
        for row in range(len(panel.ids)):
            y = pd.DataFrame({"ds": panel.ds, "y": panel.y[row]})
            known = y.iloc[int(panel.first_hours()[row]) :]
            made = forecaster.fit_predict(known.reset_index(drop=True), horizon)
            answers.append(made[list(QUANTILES)].to_numpy(dtype=np.float64))
        return {forecaster.name: np.stack(answers)}

    return forecast


def _array(rows: pd.DataFrame, panel: Panel, horizon: int) -> FloatArray:
    ordered = rows.sort_values(["unique_id", "ds"], kind="stable")
    expected = (len(panel.ids), horizon, len(QUANTILES))
    ids = tuple(ordered["unique_id"].drop_duplicates())
    if len(ordered) != expected[0] * expected[1] or ids != panel.ids:
        raise ValueError(f"{len(ordered)} rows for {len(panel.ids)} series of {horizon} hours")
    return ordered[list(QUANTILES)].to_numpy(dtype=np.float64).reshape(expected)


def _seeded(draw: Callable[[], FloatArray]) -> FloatArray:
    """Prophet draws from NumPy's global generator: seed it, put it back."""
    state = np.random.get_state()
    np.random.seed(1)
    try:
        return draw()
    finally:
        np.random.set_state(state)

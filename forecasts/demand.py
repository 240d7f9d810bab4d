"""Forecast every series: backtest the models, choose a champion, predict with all of them."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd

from forecasts.backtest import backtest, champion
from forecasts.frames import (
    BACKTEST_COLUMNS,
    FORECAST_COLUMNS,
    DemandForecast,
    hourly_series,
    typed,
)
from forecasts.models import Forecaster, default_forecasters
from forecasts.parallel import run_all

_KEYS = ["unique_id", "measure"]
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Task:
    unique_id: str
    measure: str
    y: pd.DataFrame
    horizon: int


def forecast_demand(
    history: pd.DataFrame,
    created_at: pd.Timestamp,
    horizon_hours: int = 672,
    on_series: Callable[[int, int, str], None] | None = None,
) -> DemandForecast:
    """Forecast each series' next hours with every model and say how good each model was.

    Args:
        history: Columns unique_id, measure (text), ds (hour, naive UTC) and y (float, the
            measure's unit per hour). A missing hour or NaN is unknown; a series that has ended
            must say so with zeros up to `created_at`.
        created_at: The newest data hour of all series; forecasts cover the hours after it.
        horizon_hours: Hours to forecast, 28 days by default.
        on_series: Called after each series with (done, total, "unique_id measure").

    Returns:
        Forecasts and backtests of all models, ordered by unique_id, measure, model and time;
        the same for the same history whatever the order of its rows. Empty typed frames for an
        empty history. A series without one known value is left out.
    """
    created = pd.Timestamp(created_at).floor("h")
    tasks = _tasks(history, created, horizon_hours)
    results: list[tuple[pd.DataFrame, pd.DataFrame]] = []
    for task, result in zip(tasks, run_all(_forecast_series, tasks), strict=True):
        results.append(result)
        if on_series is not None:
            on_series(len(results), len(tasks), f"{task.unique_id} {task.measure}")
    return DemandForecast(
        forecasts=_stack([forecasts for forecasts, _ in results], FORECAST_COLUMNS, created),
        backtests=_stack([backtests for _, backtests in results], BACKTEST_COLUMNS, created),
    )


def _tasks(history: pd.DataFrame, created_at: pd.Timestamp, horizon: int) -> list[_Task]:
    if history.empty:
        return []
    frame = history[[*_KEYS, "ds", "y"]].astype({"ds": "datetime64[us]", "y": "float64"})
    tasks: list[_Task] = []
    for key, rows in frame.groupby(_KEYS, sort=True, observed=True):
        unique_id, measure = (str(part) for part in key)
        y = hourly_series(rows, created_at)
        if not y.empty:
            tasks.append(_Task(unique_id, measure, y, horizon))
    return tasks


def _forecast_series(task: _Task) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Backtest and forecast one series; runs in a worker process."""
    forecasters = default_forecasters()
    try:
        return _compete(task, forecasters)
    except RuntimeError as error:
        # A model whose optimiser gives up must not take the other series' forecasts with it.
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        _log.warning("%s %s: baseline only, %s", task.unique_id, task.measure, reason)
        return _compete(task, forecasters[:1])


def _compete(task: _Task, forecasters: Sequence[Forecaster]) -> tuple[pd.DataFrame, pd.DataFrame]:
    tested = backtest(task.y, forecasters)
    best = champion(tested.losses, forecasters[0].name)
    forecasts = pd.concat(
        [
            f.fit_predict(task.y, task.horizon).assign(model=f.name, is_champion=f.name == best)
            for f in sorted(forecasters, key=lambda f: f.name)
        ],
        ignore_index=True,
    )
    backtests = tested.rows
    if not backtests.empty:
        backtests = backtests.sort_values(["model", "cutoff", "horizon_bucket"])
    keys = {"unique_id": task.unique_id, "measure": task.measure}
    return forecasts.assign(**keys), backtests.assign(**keys)


def _stack(
    frames: list[pd.DataFrame], columns: dict[str, str], created_at: pd.Timestamp
) -> pd.DataFrame:
    filled = [frame for frame in frames if not frame.empty]
    stacked = pd.concat(filled, ignore_index=True) if filled else pd.DataFrame()
    return typed(stacked.assign(created_at=created_at), columns)

"""Forecast every series, a group of them at a time."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecasts.competition import compete
from forecasts.frames import BACKTEST_COLUMNS, FORECAST_COLUMNS, DemandForecast, typed
from forecasts.models import default_forecasters
from forecasts.panel import says_something, to_panel
from forecasts.parallel import run_all

#: Series that learn from each other and are in memory at once.
GROUP_SERIES = 100

Tell = Callable[[int, int, str], None]


@dataclass(frozen=True)
class _Group:
    measure: str
    ids: tuple[str, ...]
    rows: pd.DataFrame
    horizon: int
    created_at: pd.Timestamp
    planned: Mapping[str, float] | None


def forecast_demand(
    history: pd.DataFrame,
    created_at: pd.Timestamp,
    horizon_hours: int = 672,
    on_series: Tell | None = None,
    planned: Mapping[str, float] | None = None,
) -> DemandForecast:
    """Forecast each series' next hours with every model and say how good each model was.

    Args:
        history: Columns unique_id, measure (text), ds (hour, naive UTC) and y (float, the
            measure's unit per hour). A missing hour or NaN is unknown; a series that has ended
            must say so with zeros up to `created_at`.
        created_at: The newest data hour of all series; forecasts cover the hours after it.
        horizon_hours: Hours to forecast, 28 days by default.
        on_series: Called after each series with (done, total, "unique_id measure").
        planned: Planned mean demand per hour of new series, by unique_id, in the unit of the
            measure that `history` holds for them.

    Returns:
        Forecasts and backtests of all models, ordered by unique_id, measure, model and time;
        the same for the same history whatever the order of its rows. Empty typed frames for an
        empty history. A series without one known value is left out.
    """
    made = list(forecast_groups(history, created_at, horizon_hours, on_series, planned))
    forecasts = _stack([one.forecasts for one in made], FORECAST_COLUMNS)
    backtests = _stack([one.backtests for one in made], BACKTEST_COLUMNS)
    return DemandForecast(
        forecasts=_ordered(forecasts, ["ds"]),
        backtests=_ordered(backtests, ["cutoff", "horizon_bucket"]),
    )


def forecast_groups(
    history: pd.DataFrame,
    created_at: pd.Timestamp,
    horizon_hours: int = 672,
    on_series: Tell | None = None,
    planned: Mapping[str, float] | None = None,
) -> Iterator[DemandForecast]:
    """Forecast group by group: memory does not grow with the number of series.

    Args:
        history: See `forecast_demand`.
        created_at: See `forecast_demand`.
        horizon_hours: See `forecast_demand`.
        on_series: See `forecast_demand`.
        planned: See `forecast_demand`.

    Yields:
        The forecasts and backtests of up to `GROUP_SERIES` series of one measure.
    """
    end = pd.Timestamp(created_at).floor("h")
    if history.empty:
        return
    places = _places(history, end)
    total, done = len(places.pairs), 0
    groups = (_Group(*found, horizon_hours, end, planned) for found in _shares(history, places))
    for group, made in run_all(_forecast_group, groups):
        yield made
        for unique_id in group.ids:
            done += 1
            if on_series is not None:
                on_series(done, total, f"{unique_id} {group.measure}")


@dataclass(frozen=True)
class _Places:
    """Which rows are whose, without a copy of any: (rows,) each.

    Attributes:
        measure: Number of the row's measure; -1 where the row says nothing.
        series: Number of its series.
        measures: Names of the measures, sorted.
        names: Names of the series, sorted.
        pairs: (series, 2) the measures and series that have a row, sorted.
    """

    measure: np.ndarray
    series: np.ndarray
    measures: np.ndarray
    names: np.ndarray
    pairs: np.ndarray


def _places(history: pd.DataFrame, end: pd.Timestamp) -> _Places:
    measure, measures = pd.factorize(history["measure"], sort=True)
    series, names = pd.factorize(history["unique_id"], sort=True)
    told = says_something(history, end)
    measure = np.where(told, measure, -1).astype(np.int16)
    series = series.astype(np.int32)
    count = max(len(names), 1)
    found = np.unique(measure[told].astype(np.int64) * count + series[told])
    pairs = np.stack([found // count, found % count], axis=1)
    return _Places(measure, series, np.asarray(measures), np.asarray(names), pairs)


def _shares(
    history: pd.DataFrame, places: _Places
) -> Iterator[tuple[str, tuple[str, ...], pd.DataFrame]]:
    """Equal shares of each measure's series, so that no group is left with a few."""
    for number, measure in enumerate(places.measures):
        of_measure = places.pairs[places.pairs[:, 0] == number, 1]
        count = -(-len(of_measure) // GROUP_SERIES)
        for part in np.array_split(of_measure, max(count, 1)):
            if len(part):
                wanted = (places.series >= part[0]) & (places.series <= part[-1])
                wanted &= places.measure == number
                names = tuple(str(name) for name in places.names[part])
                yield str(measure), names, history[wanted]


def _forecast_group(group: _Group) -> DemandForecast:
    """Forecast one group; runs in a worker thread."""
    panel = to_panel(group.rows, group.created_at)
    made = compete(panel, group.horizon, default_forecasters(group.planned))
    keys = {"measure": group.measure, "created_at": group.created_at}
    return DemandForecast(
        forecasts=typed(made.forecasts.assign(**keys), FORECAST_COLUMNS),
        backtests=typed(made.backtests.assign(**keys), BACKTEST_COLUMNS),
    )


def _stack(frames: list[pd.DataFrame], columns: dict[str, str]) -> pd.DataFrame:
    filled = [frame for frame in frames if not frame.empty]
    return typed(pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(), columns)


def _ordered(frame: pd.DataFrame, last: list[str]) -> pd.DataFrame:
    keys = ["unique_id", "measure", "model", *last]
    return frame.sort_values(keys, kind="stable", ignore_index=True)

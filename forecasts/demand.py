"""Forecast every series, a group of them at a time."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecasts.competition import compete
from forecasts.frames import BACKTEST_COLUMNS, FORECAST_COLUMNS, DemandForecast, typed
from forecasts.models import default_forecasters
from forecasts.panel import known_rows, to_panel
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
    known = _by_measure(history, end)
    total, done = sum(int(rows["unique_id"].nunique()) for _, rows in known), 0
    groups = (
        g for measure, rows in known for g in _groups(measure, rows, horizon_hours, end, planned)
    )
    for group, made in run_all(_forecast_group, groups):
        yield made
        for unique_id in group.ids:
            done += 1
            if on_series is not None:
                on_series(done, total, f"{unique_id} {group.measure}")


def _by_measure(history: pd.DataFrame, end: pd.Timestamp) -> list[tuple[str, pd.DataFrame]]:
    """The rows of each measure that say something; the history itself is not held."""
    if history.empty:
        return []
    measures = history.groupby("measure", sort=True, observed=True)
    return [(str(measure), known_rows(rows, end)) for measure, rows in measures]


def _groups(
    measure: str,
    rows: pd.DataFrame,
    horizon: int,
    created_at: pd.Timestamp,
    planned: Mapping[str, float] | None,
) -> Iterator[_Group]:
    """Equal shares of a measure's series, so that no group is left with a few."""
    series, ids = pd.factorize(rows["unique_id"], sort=True)
    count = -(-len(ids) // GROUP_SERIES)
    for part in np.array_split(np.arange(len(ids)), max(count, 1)):
        if len(part):
            of_group = rows[(series >= part[0]) & (series <= part[-1])]
            names = tuple(str(ids[place]) for place in part)
            yield _Group(measure, names, of_group, horizon, created_at, planned)


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

"""Demand: history and forecast of every series, and how wrong the models were."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd

from reports import formats
from reports.charts.fan import QUANTILES, Fan, fan_chart
from reports.warehouse import Row, Warehouse

#: Charts on one page; more would make it heavy without being read.
MAX_SERIES = 24
_CLOSE_UP = pd.Timedelta(days=7)
# The first measure that a series has is the one drawn.
_MEASURES = {
    "gpus": "GPUs",
    "tokens": "tokens per hour",
    "requests": "requests per hour",
}
_NO_FORECAST = pd.DataFrame(columns=["ds", *QUANTILES]).astype(
    {"ds": "datetime64[us]", **dict.fromkeys(QUANTILES, "float64")}
)


@dataclass(frozen=True)
class ModelView:
    """One model's forecast of one series: the next 7 days close up, and its backtest.

    Attributes:
        name: For people.
        is_champion: Whether it gives the published forecast.
        close_up: Last and next 7 days.
        scores: Rows per horizon bucket: wape, mase, pinball, coverage_90, skill, cutoffs.
    """

    name: str
    is_champion: bool
    close_up: Fan
    scores: list[Row]


@dataclass(frozen=True)
class SeriesView:
    """One series of the selector."""

    key: str
    name: str
    is_total: bool
    measure: str
    unit: str
    fan: Fan
    models: list[ModelView]


@dataclass(frozen=True)
class Demand:
    """The section's content.

    Attributes:
        series: Totals first, then the largest series.
        hidden: Series left out for size.
        created_at: The hour after which the forecasts start, None without forecasts.
        verdicts: Rows per accelerator total, for the key figures: name, model, skill, wape.
    """

    series: list[SeriesView]
    hidden: int
    created_at: datetime | None
    verdicts: list[Row]


def demand(warehouse: Warehouse) -> Demand:
    """Ask for demand, forecasts and backtests, and lay out one chart per series."""
    history = warehouse.frame("demand_history")
    forecast = warehouse.frame("demand_forecast")
    scores = _scores(warehouse.rows("backtests"))
    if history.empty:
        return Demand([], 0, None, [])
    histories = {str(key): rows for key, rows in history.groupby("unique_id", sort=False)}
    measures = {key: _measure(rows) for key, rows in histories.items()}
    order = sorted(histories, key=lambda key: _rank(key, histories[key], measures[key]))
    forecasts = _by_series(forecast)
    series = [
        _series(
            f"s{index}",
            key,
            histories[key],
            measures[key],
            forecasts.get((key, measures[key])),
            scores,
        )
        for index, key in enumerate(order[:MAX_SERIES])
    ]
    created_at = None if forecast.empty else forecast["created_at"].max().to_pydatetime()
    return Demand(series, max(len(order) - MAX_SERIES, 0), created_at, _verdicts(series))


def _measure(rows: pd.DataFrame) -> str:
    return next((m for m in _MEASURES if rows[m].notna().any()), "requests")


def _rank(key: str, rows: pd.DataFrame, measure: str) -> tuple[bool, int, float, str]:
    """Order totals first, then by measure and size."""
    size = float(rows[measure].fillna(0.0).mean())
    return (not key.startswith("accelerator:"), list(_MEASURES).index(measure), -size, key)


def _by_series(forecast: pd.DataFrame) -> dict[tuple[str, str], pd.DataFrame]:
    if forecast.empty:
        return {}
    groups = forecast.groupby(["unique_id", "measure"], sort=False)
    return {(str(key[0]), str(key[1])): rows for key, rows in groups}


def _scores(rows: list[Row]) -> dict[tuple[str, str, str], list[Row]]:
    found: dict[tuple[str, str, str], list[Row]] = {}
    for row in rows:
        found.setdefault((row["unique_id"], row["measure"], row["model"]), []).append(row)
    return found


def _series(
    key: str,
    unique_id: str,
    history: pd.DataFrame,
    measure: str,
    forecast: pd.DataFrame | None,
    scores: Mapping[tuple[str, str, str], list[Row]],
) -> SeriesView:
    unit = _MEASURES[measure]
    past = history[["ds", "allocated"]].assign(y=history[measure])
    if measure != "gpus":
        past["allocated"] = float("nan")
    ahead = _NO_FORECAST if forecast is None else forecast
    champion = ahead if forecast is None else ahead.loc[ahead["is_champion"]]
    models = [] if forecast is None else _models(unique_id, measure, past, forecast, scores)
    return SeriesView(
        key=key,
        name=formats.series_name(unique_id),
        is_total=unique_id.startswith("accelerator:"),
        measure=measure,
        unit=unit,
        fan=fan_chart(past, champion, unit),
        models=models,
    )


def _models(
    unique_id: str,
    measure: str,
    past: pd.DataFrame,
    forecast: pd.DataFrame,
    scores: Mapping[tuple[str, str, str], list[Row]],
) -> list[ModelView]:
    """Set the models beside each other, the champion first."""
    now = past["ds"].max()
    recent = past.loc[past["ds"] > now - _CLOSE_UP]
    near = forecast.loc[forecast["ds"] <= now + _CLOSE_UP]
    highest = float(near["y_p99"].max())
    views = [
        ModelView(
            name=formats.model_label(str(model)),
            is_champion=bool(rows["is_champion"].iloc[0]),
            close_up=fan_chart(recent, rows, _MEASURES[measure], highest),
            scores=scores.get((unique_id, measure, str(model)), []),
        )
        for model, rows in near.groupby("model", sort=True)
    ]
    return sorted(views, key=lambda view: not view.is_champion)


def _verdicts(series: list[SeriesView]) -> list[dict[str, Any]]:
    """Name each total's champion with the errors of its longest tested horizon."""
    verdicts: list[dict[str, Any]] = []
    for view in series:
        champion = next((m for m in view.models if m.is_champion), None)
        if view.is_total and champion is not None:
            score = champion.scores[-1] if champion.scores else {}
            verdicts.append(
                {
                    "name": view.name,
                    "model": champion.name,
                    "skill": score.get("skill"),
                    "wape": score.get("wape"),
                }
            )
    return verdicts

"""The series that the page draws: which, in what measure, with what history and forecasts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import pandas as pd

from reports.charts.fan import QUANTILES
from reports.warehouse import Row, Warehouse

#: Charts on one page; more would make it heavy without being read.
MAX_SERIES = 24
#: Models that the champion is shown beside: the one people know, and last week's pattern.
REFERENCES = ("prophet", "seasonal_naive")
UNITS = {"gpus": "GPUs", "tokens": "tokens per hour", "requests": "requests per hour"}

_NO_HISTORY = pd.DataFrame(
    {"ds": pd.Series(dtype="datetime64[us]"), "y": [], "allocated": []}
).astype({"y": "float64", "allocated": "float64"})
NO_FORECAST = pd.DataFrame(columns=["ds", *QUANTILES]).astype(
    {"ds": "datetime64[us]", **dict.fromkeys(QUANTILES, "float64")}
)


@dataclass(frozen=True)
class Series:
    """One series, as the warehouse knows it.

    Attributes:
        unique_id: As the marts call it.
        measure: gpus, tokens or requests.
        is_total: Whether it adds up the series of one accelerator.
        history: Columns ds (hourly), y and allocated (NaN where unknown), the last 4 weeks.
        forecasts: Model to ds and `QUANTILES`, the champion first; empty without a forecast.
        champion: Model of the published forecast.
        reason: Why it was chosen; None where the forecasts do not say.
        scores: Model to rows per horizon bucket: wape, mase, pinball, coverage_90, skill, cutoffs.
    """

    unique_id: str
    measure: str
    is_total: bool
    history: pd.DataFrame
    forecasts: Mapping[str, pd.DataFrame]
    champion: str | None
    reason: str | None = None
    scores: Mapping[str, list[Row]] = field(default_factory=dict)

    @property
    def unit(self) -> str:
        """What the value axis counts."""
        return UNITS.get(self.measure, self.measure)

    @property
    def forecast(self) -> pd.DataFrame:
        """The champion's forecast, without rows where there is none."""
        return NO_FORECAST if self.champion is None else self.forecasts[self.champion]

    @property
    def reference(self) -> str | None:
        """The model to set beside the champion."""
        return next((m for m in REFERENCES if m != self.champion and m in self.forecasts), None)


@dataclass(frozen=True)
class Drawn:
    """All series of the page.

    Attributes:
        series: Totals first, then the largest.
        hidden: Series left out for size.
        created_at: The hour after which the forecasts start, None without forecasts.
    """

    series: list[Series]
    hidden: int
    created_at: datetime | None


def drawn_series(warehouse: Warehouse) -> Drawn:
    """Ask for the series, and for what is known of each."""
    found = warehouse.rows("demand_series", longest=MAX_SERIES)
    if not found:
        return Drawn([], 0, None)
    ids = [row["unique_id"] for row in found]
    histories = _by(warehouse.frame("demand_history", unique_ids=ids), ["unique_id"])
    forecast = warehouse.frame("demand_forecast", unique_ids=ids, references=list(REFERENCES))
    forecasts = _by(forecast, ["unique_id", "measure"])
    scores = _scores(warehouse.rows("backtests", unique_ids=ids))
    reasons = {
        (row["unique_id"], row["measure"]): row.get("champion_reason")
        for row in warehouse.rows("champion_reasons", unique_ids=ids)
    }
    series = [
        _series(
            row,
            histories.get((row["unique_id"],)),
            forecasts.get((row["unique_id"], row["measure"])),
            scores,
            reasons.get((row["unique_id"], row["measure"])),
        )
        for row in found
    ]
    created_at = None if forecast.empty else forecast["created_at"].max().to_pydatetime()
    return Drawn(series, max(found[0]["series_count"] - len(found), 0), created_at)


def _by(frame: pd.DataFrame, keys: list[str]) -> dict[tuple[str, ...], pd.DataFrame]:
    if frame.empty:
        return {}
    return {tuple(map(str, key)): rows for key, rows in frame.groupby(keys, sort=False)}


def _scores(rows: list[Row]) -> dict[tuple[str, str], dict[str, list[Row]]]:
    found: dict[tuple[str, str], dict[str, list[Row]]] = {}
    for row in rows:
        models = found.setdefault((row["unique_id"], row["measure"]), {})
        models.setdefault(row["model"], []).append(row)
    return found


def _series(
    row: Row,
    history: pd.DataFrame | None,
    forecast: pd.DataFrame | None,
    scores: Mapping[tuple[str, str], dict[str, list[Row]]],
    reason: str | None,
) -> Series:
    measure = row["measure"]
    past = _NO_HISTORY
    if history is not None:
        past = history[["ds", "allocated"]].assign(y=history[measure])
        if measure != "gpus":
            past["allocated"] = float("nan")
    models: dict[str, pd.DataFrame] = {}
    champion = None
    if forecast is not None:
        by_model = {str(model): rows for model, rows in forecast.groupby("model", sort=True)}
        champion = next((m for m, rows in by_model.items() if rows["is_champion"].iloc[0]), None)
        models = dict(sorted(by_model.items(), key=lambda item: item[0] != champion))
    return Series(
        unique_id=row["unique_id"],
        measure=measure,
        is_total=row["is_total"],
        history=past,
        forecasts=models,
        champion=champion,
        reason=reason,
        scores=scores.get((row["unique_id"], measure), {}),
    )

"""Demand: history and forecast of every series, and the models beside each other."""

from dataclasses import dataclass

import pandas as pd

from reports import formats
from reports.charts.fan import QUANTILES, Fan, fan_chart
from reports.downloads import Download, download_frame
from reports.sections.series import REFERENCES, Drawn, Series
from reports.warehouse import Row

_CLOSE_UP = pd.Timedelta(days=7)


@dataclass(frozen=True)
class ModelView:
    """One model's forecast of one series: the next 7 days close up.

    Attributes:
        name: For people.
        is_champion: Whether it gives the published forecast.
        close_up: Last and next 7 days.
    """

    name: str
    is_champion: bool
    close_up: Fan


@dataclass(frozen=True)
class SeriesView:
    """One series of the selector.

    Attributes:
        key: Identifies it in the page.
        name: For people.
        is_total: Whether it is an accelerator's.
        measure: gpus, tokens or requests.
        unit: What the value axis counts.
        fan: Last 4 weeks and what the champion says of the next 4.
        champion: For people; None without a forecast.
        reason: Why the champion was chosen; None where the forecasts do not say.
        reference: Whose median is drawn beside it, for people.
        models: The champion and the reference, close up.
        scores: Backtest per model and horizon bucket, with the model's name.
        download: History and forecasts, hour by hour.
    """

    key: str
    name: str
    is_total: bool
    measure: str
    unit: str
    fan: Fan
    champion: str | None
    reason: str | None
    reference: str | None
    models: list[ModelView]
    scores: list[Row]
    download: Download | None


@dataclass(frozen=True)
class Demand:
    """The section's content: the series of the selector, and how many were left out for size."""

    series: list[SeriesView]
    hidden: int


def demand(drawn: Drawn) -> Demand:
    """Lay out one chart per series."""
    views = [_view(f"s{index}", series) for index, series in enumerate(drawn.series)]
    return Demand(views, drawn.hidden)


def _view(key: str, series: Series) -> SeriesView:
    reference = series.reference
    return SeriesView(
        key=key,
        name=formats.series_name(series.unique_id),
        is_total=series.is_total,
        measure=series.measure,
        unit=series.unit,
        fan=fan_chart(
            series.history,
            series.forecast,
            series.unit,
            reference=series.forecasts[reference] if reference else None,
        ),
        champion=formats.model_label(series.champion) if series.champion else None,
        reason=series.reason,
        reference=formats.model_label(reference) if reference else None,
        models=_models(series),
        scores=_scores(series),
        download=download_frame(f"demand {series.unique_id} {series.measure}", _rows(series)),
    )


def _models(series: Series) -> list[ModelView]:
    """Set the champion and one other model beside each other, on one scale."""
    names = [name for name in (series.champion, series.reference) if name is not None]
    if not names:
        return []
    now = series.forecast["ds"].min() - pd.Timedelta(hours=1)
    recent = series.history.loc[series.history["ds"] > now - _CLOSE_UP]
    near = {name: _until(series.forecasts[name], now + _CLOSE_UP) for name in names}
    highest = max(float(rows["y_p95"].max()) for rows in near.values())
    return [
        ModelView(
            name=formats.model_label(name),
            is_champion=name == series.champion,
            close_up=fan_chart(recent, near[name], series.unit, highest),
        )
        for name in names
    ]


def _until(forecast: pd.DataFrame, last: pd.Timestamp) -> pd.DataFrame:
    return forecast.loc[forecast["ds"] <= last]


def _scores(series: Series) -> list[Row]:
    """The champion's errors and those of the models that people compare it with."""
    names = dict.fromkeys(n for n in (series.champion, *REFERENCES) if n in series.scores)
    return [
        {**row, "name": formats.model_label(name), "is_champion": name == series.champion}
        for name in names
        if name is not None
        for row in series.scores[name]
    ]


def _rows(series: Series) -> pd.DataFrame:
    """Hours as the marts have them: seen, then forecast by each model shown."""
    keys = {"unique_id": series.unique_id, "measure": series.measure}
    seen = series.history.dropna(subset=["y", "allocated"], how="all")
    parts = [seen.rename(columns={"y": "seen"})]
    for name in (series.champion, series.reference):
        if name is not None:
            rows = series.forecasts[name][["ds", *QUANTILES]]
            parts.append(rows.assign(model=name, is_champion=name == series.champion))
    columns = ["unique_id", "measure", "ds", "seen", "allocated", "model", "is_champion"]
    frame = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    frame = frame.assign(**keys).reindex(columns=[*columns, *QUANTILES])
    return frame.astype({"model": "object", "is_champion": "object"})

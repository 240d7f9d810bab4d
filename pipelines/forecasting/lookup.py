"""One series' forecast: the published one, or one computed now from the published history."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from pipelines.errors import UserError
from pipelines.forecasting.names import measure_meant, model_meant, series_meant
from pipelines.query import open_warehouse

_QUERIES = Path(__file__).parents[1] / "queries" / "forecast"


@dataclass(frozen=True)
class ForecastRequest:
    """What the user asked for.

    Attributes:
        series: Its name in the marts, or an accelerator's name for its total; in any case.
        measure: gpus, tokens or requests; the first that the series has when None.
        horizon: Hours ahead.
        model: Name of a model; the champion when None.
        at: Last hour that the forecast may know (UTC); the newest when None.
    """

    series: str
    measure: str | None = None
    horizon: int = 168
    model: str | None = None
    at: pd.Timestamp | None = None


@dataclass(frozen=True)
class SeriesForecast:
    """One model's forecast of one series.

    Attributes:
        unique_id: The series.
        measure: gpus, tokens or requests.
        model: Whose forecast.
        is_champion: Whether that model is the one to use.
        reason: Why the champion was chosen; None where it is not said.
        is_published: Whether it stands in the warehouse; else it was computed now.
        created_at: The last hour it knows.
        hours: Columns ds, y_p50, y_p80, y_p90, y_p95, y_p99 and y (what came, NaN where unknown).
        history: Columns ds (hourly up to created_at) and y (NaN where unknown).
        backtest: Rows per horizon bucket: horizon_bucket, cutoffs, wape, coverage_90, skill.
    """

    unique_id: str
    measure: str
    model: str
    is_champion: bool
    reason: str | None
    is_published: bool
    created_at: pd.Timestamp
    hours: pd.DataFrame
    history: pd.DataFrame
    backtest: list[dict[str, Any]]


def find_forecast(warehouse: Path, request: ForecastRequest) -> SeriesForecast:
    """Look the forecast up, or compute it where the warehouse has none that far or that old.

    Args:
        warehouse: The published warehouse.
        request: What to find.

    Raises:
        UserError: There is no such series, measure or model, or nothing was known then.
        WarehouseUnreadableError: There is no warehouse to ask.
    """
    with open_warehouse(warehouse) as connection:
        asked = _Asked(connection)
        unique_id = series_meant(request.series, asked.names())
        history = asked.frame("history", unique_id=unique_id)
        published = asked.frame("published", unique_id=unique_id)
        measure = measure_meant(request.measure, unique_id, history, published)
        published = published.loc[published["measure"] == measure]
        known = history[["ds"]].assign(y=history[measure]).dropna()
        newest = _newest(known, published)
        if request.at is not None and request.at > newest:
            raise UserError(f"--at is after the newest hour of data, {newest:%Y-%m-%d %H:%M} UTC")
        is_new = request.at is not None and request.at != newest
        if not is_new and 0 < request.horizon <= published["ds"].nunique():
            model = model_meant(request.model, published)
            rows = published.loc[published["model"] == model].head(request.horizon)
            backtest = asked.rows("backtest", unique_id=unique_id, measure=measure, model=model)
            return _found(unique_id, measure, model, rows, newest, known, backtest, True)
    return _computed(unique_id, measure, known, newest, request)


class _Asked:
    """The questions of this module."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def names(self) -> list[str]:
        return [row["unique_id"] for row in self.rows("names")]

    def frame(self, question: str, **parameters: object) -> pd.DataFrame:
        return self._ask(question, parameters).df()

    def rows(self, question: str, **parameters: object) -> list[dict[str, Any]]:
        cursor = self._ask(question, parameters)
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def _ask(self, question: str, parameters: dict[str, object]) -> duckdb.DuckDBPyConnection:
        sql = (_QUERIES / f"{question}.sql").read_text(encoding="utf-8")
        try:
            return self._connection.execute(sql, parameters or None)
        except duckdb.CatalogException as error:
            raise UserError("the warehouse has no forecasts; refresh it") from error


def _newest(known: pd.DataFrame, published: pd.DataFrame) -> pd.Timestamp:
    newest = published["created_at"].max() if len(published) else known["ds"].max()
    return pd.Timestamp(newest)


def _computed(
    unique_id: str,
    measure: str,
    known: pd.DataFrame,
    newest: pd.Timestamp,
    request: ForecastRequest,
) -> SeriesForecast:
    """Forecast this series alone, from what was known then."""
    created_at = newest if request.at is None else request.at.floor("h")
    before = known.loc[known["ds"] <= created_at]
    if before.empty:
        raise UserError(
            f"nothing was known of {unique_id} in {measure} at {created_at:%Y-%m-%d %H:%M} UTC"
        )
    # Seconds to import, which a published forecast does not need.
    from forecasts import forecast_demand

    frame = before.assign(unique_id=unique_id, measure=measure)
    made = forecast_demand(frame, created_at=created_at, horizon_hours=request.horizon)
    model = model_meant(request.model, made.forecasts)
    tests = made.backtests.loc[made.backtests["model"] == model]
    means = tests.groupby("horizon_bucket", sort=True).agg(
        cutoffs=("cutoff", "size"),
        wape=("wape", "mean"),
        coverage_90=("coverage_90", "mean"),
        skill=("skill_vs_seasonal_naive", "mean"),
    )
    rows = made.forecasts.loc[made.forecasts["model"] == model]
    backtest = [
        {str(k): v for k, v in row.items()} for row in means.reset_index().to_dict("records")
    ]
    return _found(unique_id, measure, model, rows, created_at, known, backtest, False)


def _found(
    unique_id: str,
    measure: str,
    model: str,
    rows: pd.DataFrame,
    created_at: pd.Timestamp,
    known: pd.DataFrame,
    backtest: list[dict[str, Any]],
    is_published: bool,
) -> SeriesForecast:
    quantiles = [name for name in rows.columns if str(name).startswith("y_p")]
    by_hour = known.groupby("ds")["y"].sum()
    before = by_hour.loc[by_hour.index <= created_at]
    grid = pd.date_range(before.index.min() if len(before) else created_at, created_at, freq="h")
    return SeriesForecast(
        unique_id=unique_id,
        measure=measure,
        model=model,
        is_champion=bool(rows["is_champion"].iloc[0]),
        reason=_reason(rows),
        is_published=is_published,
        created_at=created_at,
        hours=rows[["ds", *quantiles]]
        .assign(y=by_hour.reindex(rows["ds"]).to_numpy())
        .reset_index(drop=True),
        history=before.reindex(grid).rename_axis("ds").reset_index(),
        backtest=backtest,
    )


def _reason(rows: pd.DataFrame) -> str | None:
    if "champion_reason" not in rows.columns or pd.isna(rows["champion_reason"].iloc[0]):
        return None
    return str(rows["champion_reason"].iloc[0]) or None

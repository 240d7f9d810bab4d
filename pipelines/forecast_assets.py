"""Demand forecasts: history out of the build file, forecasts back into the lake."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import pandas as pd
import pyarrow as pa

from ingestion.load import write_frames
from pipelines import fingerprint, forecast_lake
from pipelines.dbt_assets import BUILD_POOL
from pipelines.duck import open_read_only
from pipelines.ingestion_assets import table_key
from pipelines.progress import STATUS
from pipelines.resources import HomeResource
from pipelines.translator import DEFAULT_OWNER

DEMAND_KEY = dg.AssetKey(["marts", "fct_gpu_demand_hourly"])
TRAINING_KEY = dg.AssetKey(["intermediate", "int_demand__training_hourly"])
FORECASTS_KEY = table_key("demand_forecasts")
BACKTESTS_KEY = table_key("demand_backtests")
BURSTS_KEY = table_key("demand_bursts")
# Mart column -> the measure that a forecast speaks of.
_MEASURES = {"gpus_required": "gpus", "requests": "requests", "tokens": "tokens"}


@dg.multi_asset(
    name="forecasts",
    specs=[
        dg.AssetSpec(
            key,
            deps=[DEMAND_KEY, TRAINING_KEY],
            group_name="forecasts",
            kinds={"python", "parquet"},
            owners=[DEFAULT_OWNER],
            description=description,
        )
        for key, description in (
            (FORECASTS_KEY, "Quantiles of hourly demand for the next 28 days, of every model."),
            (BACKTESTS_KEY, "How every forecast model did on hours it had not seen."),
            (BURSTS_KEY, "How likely bursts are on each of the next 28 days, and how high."),
        )
    ],
    pool=BUILD_POOL,
)
def demand_forecasts(
    context: dg.AssetExecutionContext, home: HomeResource
) -> Iterator[dg.MaterializeResult]:
    """Forecasts demand again when the history or the code that forecasts has changed."""
    history = read_history(home.paths.build)
    print_of_input = input_fingerprint(history)
    if forecast_lake.newest_fingerprint(home.paths.root) == print_of_input:
        context.log.info(
            "unchanged: same demand and same code as the newest forecast", extra=STATUS
        )
        counts: dict[str, Any] = {"forecast": "unchanged"}
    else:
        tables = _forecast(context, history)
        write_frames(
            {name: forecast_lake.stamped(table, print_of_input) for name, table in tables.items()},
            home.paths.root,
            "forecasts",
        )
        counts = {"forecast": "new"} | {name: len(table) for name, table in tables.items()}
    series = len(history.group_by(["unique_id", "measure"]).aggregate([]))
    metadata = counts | {"series": series, "input_fingerprint": print_of_input}
    yield dg.MaterializeResult(FORECASTS_KEY, metadata=metadata)
    yield dg.MaterializeResult(BACKTESTS_KEY, metadata=metadata)
    yield dg.MaterializeResult(BURSTS_KEY, metadata=metadata)


def read_history(build: Path) -> pa.Table:
    """Hourly demand as a long frame, in a fixed order.

    Args:
        build: The build file, which nobody else has open.

    Returns:
        unique_id (text), measure (gpus, requests or tokens), ds (UTC timestamp[us]), y (double);
        hours without a value are left out. What jobs want is the gpus of `training:<accelerator>`.
    """
    with open_read_only(build) as connection:
        hours = connection.table("marts.fct_gpu_demand_hourly").order("unique_id, ds")
        wide = hours.select("unique_id", "ds", *_MEASURES).to_arrow_table()
        jobs = connection.table("intermediate.int_demand__training_hourly").order("unique_id, ds")
        training = jobs.select("unique_id", "ds", "gpus").to_arrow_table()
    served = [_measure(wide, column, name) for column, name in _MEASURES.items()]
    return pa.concat_tables([*served, _measure(training, "gpus", "gpus")])


def input_fingerprint(history: pa.Table) -> str:
    """Changes with the demand history and with the code that forecasts it."""
    if not len(history):
        return forecast_lake.NOTHING_TO_FORECAST
    return f"{fingerprint.of_table(history)[:32]}-{forecast_lake.code_fingerprint()}"


def _measure(wide: pa.Table, column: str, name: str) -> pa.Table:
    values = wide[column].cast(pa.float64())
    long = pa.table(
        {
            "unique_id": wide["unique_id"].cast(pa.string()),
            "measure": pa.repeat(pa.scalar(name), len(wide)),
            "ds": wide["ds"].cast(pa.timestamp("us")),
            "y": values,
        }
    )
    return long.filter(values.is_valid())


def _forecast(context: dg.AssetExecutionContext, history: pa.Table) -> dict[str, pa.Table]:
    if not len(history):
        return forecast_lake.empty_tables()
    # Prophet and friends take seconds to import; an unchanged forecast does not need them.
    from forecasts import forecast_demand
    from forecasts.bursts import daily_burst_risk

    def tell(done: int, total: int, series: str) -> None:
        context.log.info(f"{done} of {total} series: {series}", extra=STATUS)

    frame = history.to_pandas()
    created_at = pd.Timestamp(frame["ds"].max())
    made = forecast_demand(frame, created_at=created_at, on_series=tell)
    context.log.info("bursts", extra=STATUS)
    bursts = daily_burst_risk(frame, made.forecasts, created_at)
    return forecast_lake.as_tables(made.forecasts, made.backtests, bursts)

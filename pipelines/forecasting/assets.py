"""Demand forecasts: history out of the build file, forecasts back into the lake."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import pandas as pd
import pyarrow as pa

from ingestion.load import write_frames
from pipelines import fingerprint
from pipelines.dbt_assets import BUILD_POOL
from pipelines.duck import open_read_only
from pipelines.forecasting import checks as forecast_checks
from pipelines.forecasting import lake as forecast_lake
from pipelines.ingestion_assets import table_key
from pipelines.progress import NOTICE, STATUS
from pipelines.resources import HomeResource
from pipelines.translator import DEFAULT_OWNER

DEMAND_KEY = dg.AssetKey(["marts", "fct_gpu_demand_hourly"])
TRAINING_KEY = dg.AssetKey(["intermediate", "int_demand__training_hourly"])
FORECASTS_KEY = table_key("demand_forecasts")
BACKTESTS_KEY = table_key("demand_backtests")
BURSTS_KEY = table_key("demand_bursts")
CHAMPIONS_KEY = table_key("demand_champions")
# Mart column -> the measure that a forecast speaks of.
_MEASURES = {"gpus_required": "gpus", "requests": "requests", "tokens": "tokens"}


class ForecastConfig(dg.Config):
    """How to forecast.

    Attributes:
        retrain: Choose the champions anew, as happens by itself a week after they were chosen.
    """

    retrain: bool = False


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
            (CHAMPIONS_KEY, "Which model speaks for each series, since when, and how it does."),
        )
    ],
    check_specs=forecast_checks.specs(CHAMPIONS_KEY),
    pool=BUILD_POOL,
)
def demand_forecasts(
    context: dg.AssetExecutionContext, config: ForecastConfig, home: HomeResource
) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """Forecasts demand again when the history or the code that forecasts has changed."""
    history = read_history(home.paths.build)
    print_of_input = input_fingerprint(history)
    is_known = forecast_lake.newest_fingerprint(home.paths.root) == print_of_input
    if is_known and not config.retrain:
        context.log.info(
            "unchanged: same demand and same code as the newest forecast", extra=STATUS
        )
        counts: dict[str, Any] = {"forecast": "unchanged"}
    else:
        tables = _forecast(context, history, home.paths.root, config.retrain)
        tables |= forecast_lake.empty_rescores(home.paths.root)
        write_frames(
            {name: forecast_lake.stamped(table, print_of_input) for name, table in tables.items()},
            home.paths.root,
            "forecasts",
        )
        counts = {"forecast": "new"} | {name: len(table) for name, table in tables.items()}
    series = len(history.group_by(["unique_id", "measure"]).aggregate([]))
    metadata = counts | {"series": series, "input_fingerprint": print_of_input}
    for key in (FORECASTS_KEY, BACKTESTS_KEY, BURSTS_KEY, CHAMPIONS_KEY):
        yield dg.MaterializeResult(key, metadata=metadata)
    for result in forecast_checks.results(CHAMPIONS_KEY, forecast_lake.champions(home.paths.root)):
        if not result.passed:
            context.log.warning(f"check {result.check_name}: {result.description}", extra=NOTICE)
        yield result


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


def _forecast(
    context: dg.AssetExecutionContext, history: pa.Table, home: Path, retrain: bool
) -> dict[str, pa.Table]:
    if not len(history):
        return forecast_lake.empty_tables()
    # Prophet and friends take seconds to import; an unchanged forecast does not need them.
    from forecasts import forecast_demand
    from forecasts.bursts import daily_burst_risk
    from forecasts.champions import hold, is_due, train

    def tell(done: int, total: int, series: str) -> None:
        context.log.info(f"{done} of {total} series: {series}", extra=STATUS)

    frame = history.to_pandas()
    created_at = pd.Timestamp(frame["ds"].max())
    made = forecast_demand(frame, created_at=created_at, on_series=tell)
    before = forecast_lake.champions(home).to_pandas()
    is_new_code = not forecast_lake.is_of_current_code(home)
    trains = retrain or is_new_code or is_due(before, created_at)
    spoken = (train if trains else hold)(made, before)
    context.log.info("bursts", extra=STATUS)
    bursts = daily_burst_risk(frame, spoken.made.forecasts, created_at)
    return forecast_lake.as_tables(spoken, bursts)

"""The capacity plan: forecast, prices and fleet in; how many GPUs to reserve back into the lake."""

from collections.abc import Iterator

import dagster as dg
import pandas as pd
import pyarrow as pa

from ingestion.load import write_frames
from pipelines import fingerprint
from pipelines.capacity import lake as capacity_lake
from pipelines.capacity.inputs import CapacityInputs, as_frame, read_inputs
from pipelines.dbt_assets import BUILD_POOL
from pipelines.forecasting import lake as forecast_lake
from pipelines.forecasting.assets import FORECASTS_KEY
from pipelines.ingestion_assets import table_key
from pipelines.progress import STATUS
from pipelines.resources import HomeResource
from pipelines.translator import DEFAULT_OWNER

_INPUTS = ("hours", "prices", "fleet", "rules")
_TABLES = {
    "capacity_plans": "GPUs to reserve per accelerator and term, what rides on top, and its cost.",
    "capacity_plan_hours": "The same by hour of the week.",
    "capacity_backtests": "Plans of past cutoffs, paid at the demand that came.",
}


@dg.multi_asset(
    name="capacity_plan",
    specs=[
        dg.AssetSpec(
            table_key(table),
            deps=[
                FORECASTS_KEY,
                *(dg.AssetKey(["intermediate", f"int_capacity__{name}"]) for name in _INPUTS),
            ],
            group_name="forecasts",
            kinds={"python", "parquet"},
            owners=[DEFAULT_OWNER],
            description=description,
        )
        for table, description in _TABLES.items()
    ],
    pool=BUILD_POOL,
)
def capacity_plan(
    context: dg.AssetExecutionContext, home: HomeResource
) -> Iterator[dg.MaterializeResult]:
    """Plans again when the forecast, prices, fleet, rules or the planner have changed."""
    inputs = read_inputs(home.paths.build)
    made_from = _made_from(home, inputs)
    if forecast_lake.newest_fingerprint(home.paths.root, "capacity_plans") == made_from:
        context.log.info(
            "unchanged: same forecast, prices and fleet as the newest plan", extra=STATUS
        )
        rows: dict[str, int] = {}
    else:
        tables = _plan(context, forecast_lake.newest_champions(home.paths.root), inputs)
        stamped = {name: forecast_lake.stamped(table, made_from) for name, table in tables.items()}
        write_frames(stamped, home.paths.root, "capacity")
        rows = {name: len(table) for name, table in tables.items()}
    for table in _TABLES:
        metadata = {"input_fingerprint": made_from}
        if table in rows:
            metadata |= {"rows": rows[table]}
        yield dg.MaterializeResult(table_key(table), metadata=metadata)


def _made_from(home: HomeResource, inputs: CapacityInputs) -> str:
    """Identifies what a plan is made from; as a forecast from nothing where there is none."""
    forecast = forecast_lake.newest_fingerprint(home.paths.root)
    if not forecast:
        return forecast_lake.NOTHING_TO_FORECAST
    prints = [fingerprint.of_table(table)[:16] for table in inputs.tables()]
    return "-".join([forecast, *prints])


def _plan(
    context: dg.AssetExecutionContext, champions: pa.Table, inputs: CapacityInputs
) -> dict[str, pa.Table]:
    if not len(champions):
        return capacity_lake.empty_tables()
    from forecasts.capacity import past_forecasts, past_plans, plan_all, rules_of, situations

    def tell(cutoff: pd.Timestamp) -> None:
        context.log.info(f"the plan as of {cutoff:%Y-%m-%d}", extra=STATUS)

    hours, prices = as_frame(inputs.hours), as_frame(inputs.prices)
    rules = rules_of(inputs.rules.to_pylist()[0])
    forecasts = as_frame(champions)
    now = situations(forecasts, hours, prices, as_frame(inputs.fleet), rules)
    context.log.info(f"plans of {len(now)} accelerators; past cutoffs next", extra=STATUS)
    # Without GPUs, of vendors' models only, there is nothing to plan, now or then.
    past = past_plans(past_forecasts(hours, tell), hours, prices, rules) if now else {}
    created_at = pd.Timestamp(forecasts["created_at"].max())
    made = plan_all(now, created_at, past)
    return {
        "capacity_plans": capacity_lake.typed(made.plans),
        "capacity_plan_hours": capacity_lake.typed(made.hours),
        "capacity_backtests": capacity_lake.typed(made.backtests),
    }

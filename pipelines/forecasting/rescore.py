"""Scores of any past cutoff, asked for by hand: the job `rescore_forecasts`."""

import dagster as dg
import pandas as pd

from ingestion.load import write_frames
from pipelines.forecasting import lake as forecast_lake
from pipelines.forecasting.assets import DEMAND_KEY, input_fingerprint, read_history
from pipelines.ingestion_assets import table_key
from pipelines.resources import HomeResource
from pipelines.translator import DEFAULT_OWNER

RESCORES_KEY = table_key("demand_rescores")


class RescoreConfig(dg.Config):
    """Which hour to go back to.

    Attributes:
        cutoff: The last hour that the models may see, ISO, UTC.
    """

    cutoff: str


@dg.asset(
    key=RESCORES_KEY,
    deps=[DEMAND_KEY],
    group_name="forecasts",
    kinds={"python", "parquet"},
    owners=[DEFAULT_OWNER],
    description="How today's models would have done at past hours that somebody asked for.",
)
def demand_rescores(config: RescoreConfig, home: HomeResource) -> dg.MaterializeResult:
    """Scores the published demand; the next refresh shows it in `gpu_demand_backtest`."""
    try:
        cutoff = pd.Timestamp(config.cutoff)
    except ValueError as error:
        raise dg.Failure(f"cutoff {config.cutoff!r} is not a time: {error}") from error
    from forecasts.rescore import rescore

    history = read_history(home.paths.warehouse)
    try:
        scored = rescore(history.to_pandas(), cutoff.tz_localize(None))
    except ValueError as error:
        raise dg.Failure(str(error)) from error
    table = forecast_lake.rescored(scored)
    stamped = forecast_lake.stamped(table, input_fingerprint(history))
    write_frames({"demand_rescores": stamped}, home.paths.root, "rescores")
    return dg.MaterializeResult(metadata={"cutoff": str(cutoff), "rows": len(table)})

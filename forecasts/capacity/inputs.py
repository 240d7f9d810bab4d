"""From frames to situations: forecasts, history, prices and fleet of every accelerator."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from forecasts.capacity.levels import level_drift
from forecasts.capacity.offers import Commitment, Prices
from forecasts.capacity.plan import Fleet, Rules
from forecasts.capacity.points import rank_correlation
from forecasts.capacity.scenario import of_forecast
from forecasts.capacity.situation import Situation
from forecasts.capacity.spot import SpotRules
from forecasts.frames import QUANTILES, FloatArray
from forecasts.totals import TOTAL_PREFIX, TRAINING_PREFIX

_COLUMNS = list(QUANTILES)
_RESERVED = "reserved_"
_PER_HOUR = "_per_hour"


def situations(
    forecasts: pd.DataFrame,
    history: pd.DataFrame,
    prices: pd.DataFrame,
    fleet: pd.DataFrame,
    rules: Rules,
) -> list[Situation]:
    """What is known of each accelerator whose demand is forecast.

    Args:
        forecasts: Champions' rows of `FORECAST_COLUMNS`; read are the measure gpus of
            `accelerator:<name>` (serving) and `training:<name>` (jobs).
        history: accelerator, ds, serving_gpus, training_gpus (NaN where unknown).
        prices: accelerator, provider, on_demand_per_hour, any number of
            `reserved_<term>_per_hour`, spot_per_hour, spot_interruptions_per_hour; money as
            decimals, null where the list has none. Accelerators meet in any case.
        fleet: accelerator, today_gpus, today_hourly_usd.
        rules: What the planner may choose.

    Returns:
        One situation per accelerator, by name.
    """
    serving = _quantiles(forecasts, TOTAL_PREFIX)
    training = _quantiles(forecasts, TRAINING_PREFIX)
    offers = {str(row["accelerator"]).lower(): _prices(row) for row in _records(prices)}
    fleets = {str(row["accelerator"]).lower(): _fleet(row) for row in _records(fleet)}
    found: list[Situation] = []
    for name in sorted(serving.keys() | training.keys()):
        parts = [part for part in (serving.get(name), training.get(name)) if part is not None]
        ds = pd.DatetimeIndex(parts[0].index)
        past = history[history["accelerator"] == name].set_index("ds").sort_index()
        price = offers.get(name.lower(), Prices())
        held = fleets.get(name.lower(), Fleet())
        if held.hourly is None:
            held = Fleet(held.gpus, price.on_demand)
        correlation = rank_correlation(past["serving_gpus"], past["training_gpus"])
        found.append(
            Situation(
                accelerator=name,
                demand=of_forecast(
                    ds,
                    _aligned(serving.get(name), ds),
                    _aligned(training.get(name), ds),
                    correlation,
                ),
                serving_drift=level_drift(_grid(past["serving_gpus"])),
                training_drift=level_drift(_grid(past["training_gpus"])),
                prices=price,
                fleet=held,
                rules=rules,
            )
        )
    return found


def rules_of(row: Mapping[str, Any]) -> Rules:
    """The planner's rules.

    Args:
        row: service_level, spot_serving_risk, spot_restart_minutes, spot_lost_minutes.
    """
    spot = SpotRules(
        restart_hours=float(row["spot_restart_minutes"]) / 60.0,
        lost_hours=float(row["spot_lost_minutes"]) / 60.0,
        serving_risk=float(row["spot_serving_risk"]),
    )
    return Rules(service_level=float(row["service_level"]), spot=spot)


def _quantiles(forecasts: pd.DataFrame, prefix: str) -> dict[str, pd.DataFrame]:
    """The five quantiles by hour, of each accelerator."""
    ids = forecasts["unique_id"].astype(str)
    rows = forecasts[(forecasts["measure"] == "gpus") & ids.str.startswith(prefix)]
    names = rows["unique_id"].str.slice(len(prefix))
    return {
        str(name): part.set_index("ds")[_COLUMNS].sort_index() for name, part in rows.groupby(names)
    }


def _aligned(quantiles: pd.DataFrame | None, ds: pd.DatetimeIndex) -> FloatArray | None:
    if quantiles is None:
        return None
    return quantiles.reindex(ds).fillna(0.0).to_numpy(dtype=np.float64)


def _grid(values: pd.Series) -> FloatArray:
    """Values on the full hourly grid, NaN where a row is missing."""
    if values.empty:
        return np.empty(0)
    return np.asarray(values.astype("float64").resample("h").mean(), dtype=np.float64)


def _prices(row: Mapping[str, Any]) -> Prices:
    commitments = tuple(
        Commitment(name.removeprefix(_RESERVED).removesuffix(_PER_HOUR), price)
        for name in row
        if name.startswith(_RESERVED) and (price := _money(row[name])) is not None
    )
    interruptions = row["spot_interruptions_per_hour"]
    return Prices(
        provider=str(row["provider"]),
        on_demand=_positive(_money(row["on_demand_per_hour"])),
        commitments=commitments,
        spot=_money(row["spot_per_hour"]),
        interruptions_per_hour=None if pd.isna(interruptions) else float(interruptions),
    )


def _fleet(row: Mapping[str, Any]) -> Fleet:
    gpus = row["today_gpus"]
    return Fleet(None if pd.isna(gpus) else float(gpus), _money(row["today_hourly_usd"]))


def _money(value: Any) -> Decimal | None:
    return None if pd.isna(value) else Decimal(value)


def _positive(price: Decimal | None) -> Decimal | None:
    """A price of nothing is none: against it no reservation can be weighed."""
    return price if price is not None and price > 0 else None


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]

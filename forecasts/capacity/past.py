"""Plans of past cutoffs: which cutoffs, and the forecast of each paid at what came."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from forecasts.capacity.inputs import situations
from forecasts.capacity.plan import Rules
from forecasts.capacity.regret import PastPlan, past_plan
from forecasts.demand import forecast_demand
from forecasts.frames import FORECAST_COLUMNS, HOUR, WEEK_HOURS, FloatArray, typed
from forecasts.totals import TOTAL_PREFIX, TRAINING_PREFIX

_MOST_WEEKS = 4
_MOST_CUTOFFS = 2
_TRAINING_WEEKS = 4


def past_cutoffs(first: pd.Timestamp, last: pd.Timestamp) -> list[pd.Timestamp]:
    """Cutoffs at which a plan can be made and paid, newest first.

    Each is paid for as many whole weeks as the plan's horizon has, or a third of the history where
    that is shorter; the weeks of two cutoffs do not overlap, and four weeks stay before the oldest.

    Args:
        first: First hour of the history.
        last: Its last hour.
    """
    hours = int((last - first) / HOUR) + 1
    step = paid_hours(hours)
    counts = range(1, _MOST_CUTOFFS + 1)
    enough = [n for n in counts if step and hours - n * step >= _TRAINING_WEEKS * WEEK_HOURS]
    return [last - n * step * HOUR for n in enough]


def paid_hours(hours: int) -> int:
    """Hours that each plan of the past is paid for, of a history of so many hours."""
    return min(_MOST_WEEKS, hours // WEEK_HOURS // 3) * WEEK_HOURS


def demand_history(history: pd.DataFrame) -> pd.DataFrame:
    """The demand of all accelerators in the long shape that forecasts are made from.

    Args:
        history: accelerator, ds, serving_gpus, training_gpus (NaN where unknown).

    Returns:
        unique_id, measure, ds, y, without unknown hours.
    """
    parts = [
        pd.DataFrame(
            {
                "unique_id": prefix + history["accelerator"].astype(str),
                "measure": "gpus",
                "ds": history["ds"],
                "y": history[column].astype("float64"),
            }
        )
        for prefix, column in ((TOTAL_PREFIX, "serving_gpus"), (TRAINING_PREFIX, "training_gpus"))
    ]
    return pd.concat(parts, ignore_index=True).dropna(subset=["y"])


def past_forecasts(
    history: pd.DataFrame, on_cutoff: Callable[[pd.Timestamp], None] | None = None
) -> pd.DataFrame:
    """What would have been forecast at past cutoffs, from what was known then.

    Args:
        history: See `demand_history`; at least one hour.
        on_cutoff: Called with each cutoff before its forecast is made.

    Returns:
        The champions of each cutoff, in `FORECAST_COLUMNS`.
    """
    first, last = pd.Timestamp(history["ds"].min()), pd.Timestamp(history["ds"].max())
    horizon = paid_hours(int((last - first) / HOUR) + 1)
    made: list[pd.DataFrame] = []
    for cutoff in past_cutoffs(first, last):
        if on_cutoff is not None:
            on_cutoff(cutoff)
        known = demand_history(history[history["ds"] <= cutoff])
        forecasts = forecast_demand(known, created_at=cutoff, horizon_hours=horizon).forecasts
        made.append(forecasts[forecasts["is_champion"]])
    return pd.concat(made, ignore_index=True) if made else typed(pd.DataFrame(), FORECAST_COLUMNS)


def past_plans(
    forecasts: pd.DataFrame, history: pd.DataFrame, prices: pd.DataFrame, rules: Rules
) -> dict[str, list[PastPlan]]:
    """Make the plans of past cutoffs, and pay them at today's prices.

    Args:
        forecasts: Champions' rows as `situations` reads them; created_at is the cutoff that each
            was made at, from what was known then.
        history: accelerator, ds, serving_gpus, training_gpus, allocated_gpus (NaN where unknown),
            up to today.
        prices: As `situations` reads them.
        rules: What the planner may choose.

    Returns:
        Newest cutoff first, by accelerator; one without an on-demand and a reserved price is left
        out, since without them no plan differs from another.
    """
    found: dict[str, list[PastPlan]] = {}
    nothing_held = pd.DataFrame(columns=pd.Index(["accelerator", "today_gpus", "today_hourly_usd"]))
    for cutoff, made in sorted(forecasts.groupby("created_at"), key=_moment, reverse=True):
        moment = pd.Timestamp(str(cutoff))
        known = history[history["ds"] <= moment]
        for situation in situations(made, known, prices, nothing_held, rules):
            offer, on_demand = situation.prices.shortest, situation.prices.on_demand
            if offer is None or on_demand is None:
                continue
            name = situation.accelerator
            plan = past_plan(
                moment,
                situation.demand,
                _came(history[history["accelerator"] == name], situation.demand.ds),
                _held(known[known["accelerator"] == name], moment),
                float(offer.hourly),
                float(on_demand),
                rules.service_level,
            )
            if plan is not None:
                found.setdefault(name, []).append(plan)
    return found


def _moment(group: tuple[object, pd.DataFrame]) -> str:
    return str(group[0])


def _came(history: pd.DataFrame, ds: pd.DatetimeIndex) -> FloatArray:
    """(hours,) GPUs wanted; NaN where neither part is known. A part that is unknown adds none."""
    parts = history.set_index("ds")[["serving_gpus", "training_gpus"]].reindex(ds)
    wanted = parts.astype("float64").sum(axis=1, min_count=1)
    return wanted.to_numpy(dtype=np.float64)


def _held(history: pd.DataFrame, cutoff: pd.Timestamp) -> float | None:
    """Mean GPUs held over the week before."""
    week = history[history["ds"] > cutoff - WEEK_HOURS * HOUR]
    held = week["allocated_gpus"].astype("float64").mean()
    return None if np.isnan(held) else float(held)

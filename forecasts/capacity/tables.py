"""Plans as frames: one row per term, per hour of the week, and per past cutoff."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from forecasts.capacity import regret
from forecasts.capacity.offers import MONTH, usd
from forecasts.capacity.regret import PastPlan
from forecasts.capacity.situation import NamedPlan, Situation, plans_of
from forecasts.frames import WEEK_HOURS

PLAN_COLUMNS = (
    *("accelerator", "term", "term_hours", "created_at", "evidence", "method"),
    *("demand_mean_gpus", "demand_p50_gpus", "demand_p95_gpus", "training_mean_gpus"),
    *("reserve_quantile", "reserved_gpus", "on_demand_gpus", "spot_gpus", "ready_gpus"),
    *("shortfall_probability", "commitment", "provider"),
    *("reserved_hourly_usd", "on_demand_hourly_usd", "spot_hourly_usd"),
    *("reserved_cost_usd", "on_demand_cost_usd", "spot_cost_usd", "expected_cost_usd"),
    *("today_gpus", "today_shortfall_probability", "today_cost_usd", "today_hourly_usd"),
    *("saving_usd", "backtest_cutoffs", "regret_vs_clairvoyant_ratio"),
    *("regret_vs_today_ratio", "backtest_shortfall_ratio", "missing"),
)
HOUR_COLUMNS = (
    *("accelerator", "hour_of_week", "term", "reserved_gpus", "demand_mean_gpus"),
    *("demand_p50_gpus", "demand_p95_gpus", "on_demand_gpus", "spot_gpus", "ready_gpus"),
    *("shortfall_probability", "expected_cost_usd"),
)
BACKTEST_COLUMNS = (
    *("accelerator", "cutoff", "hours", "reserved_gpus", "clairvoyant_gpus", "today_gpus"),
    *("plan_cost_usd", "clairvoyant_cost_usd", "today_cost_usd"),
    *("plan_shortfall_ratio", "today_shortfall_ratio"),
)


@dataclass(frozen=True)
class CapacityPlan:
    """Everything that was planned.

    Attributes:
        plans: One row per accelerator and term, `PLAN_COLUMNS`.
        hours: One row per accelerator and hour of the week, `HOUR_COLUMNS`, of the month's plan.
        backtests: One row per accelerator and cutoff, `BACKTEST_COLUMNS`.
    """

    plans: pd.DataFrame
    hours: pd.DataFrame
    backtests: pd.DataFrame


def plan_all(
    situations: Sequence[Situation],
    created_at: pd.Timestamp,
    past: Mapping[str, Sequence[PastPlan]],
) -> CapacityPlan:
    """Plan every accelerator.

    Args:
        situations: One per accelerator.
        created_at: Newest data hour when the forecast was made.
        past: Plans of past cutoffs by accelerator.

    Returns:
        Money as exact decimals, None where a price is missing.
    """
    plans: list[dict[str, Any]] = []
    hours: list[dict[str, Any]] = []
    backtests: list[dict[str, Any]] = []
    for situation in situations:
        backed = past.get(situation.accelerator, ())
        for named in plans_of(situation):
            plans.append(
                _plan_row(situation, named) | _backtest(backed) | {"created_at": created_at}
            )
            if named.term == MONTH:
                hours += _hour_rows(situation.accelerator, named)
        backtests += [_past_row(situation.accelerator, plan) for plan in backed]
    return CapacityPlan(
        pd.DataFrame(plans, columns=pd.Index(PLAN_COLUMNS)),
        pd.DataFrame(hours, columns=pd.Index(HOUR_COLUMNS)),
        pd.DataFrame(backtests, columns=pd.Index(BACKTEST_COLUMNS)),
    )


def _plan_row(situation: Situation, named: NamedPlan) -> dict[str, Any]:
    plan, prices = named.plan, situation.prices
    top, commitment = plan.ride, plan.commitment
    saving = None
    if plan.today_cost is not None and plan.costs.expected is not None:
        saving = plan.today_cost - plan.costs.expected
    return {
        "accelerator": situation.accelerator,
        "term": named.term,
        "term_hours": len(plan.demand.ds),
        "evidence": named.evidence,
        "method": named.method,
        "demand_mean_gpus": float(plan.demand.total.mean()),
        "demand_p50_gpus": plan.pooled.quantile(0.5),
        "demand_p95_gpus": plan.pooled.quantile(0.95),
        "training_mean_gpus": float(plan.demand.training.mean()),
        "reserve_quantile": plan.quantile,
        "reserved_gpus": plan.reserved,
        "on_demand_gpus": top and float(top.on_demand.mean()),
        "spot_gpus": top and float((top.spot_serving + top.spot_training).mean()),
        "ready_gpus": top and int(top.ready.max()),
        "shortfall_probability": top and float(top.shortfall.mean()),
        "commitment": commitment and commitment.term,
        "provider": prices.provider,
        "reserved_hourly_usd": commitment and commitment.hourly,
        "on_demand_hourly_usd": prices.on_demand,
        "spot_hourly_usd": prices.spot,
        "reserved_cost_usd": plan.costs.reserved,
        "on_demand_cost_usd": plan.costs.on_demand,
        "spot_cost_usd": plan.costs.spot,
        "expected_cost_usd": plan.costs.expected,
        "today_gpus": situation.fleet.gpus,
        "today_shortfall_probability": plan.today_shortfall,
        "today_cost_usd": plan.today_cost,
        "today_hourly_usd": situation.fleet.hourly,
        "saving_usd": saving,
        "missing": prices.missing(),
    }


def _backtest(past: Sequence[PastPlan]) -> dict[str, Any]:
    return {
        "backtest_cutoffs": len(past),
        "regret_vs_clairvoyant_ratio": regret.regret_vs_clairvoyant(past),
        "regret_vs_today_ratio": regret.regret_vs_today(past),
        "backtest_shortfall_ratio": regret.shortfall_ratio(past),
    }


def _hour_rows(accelerator: str, named: NamedPlan) -> list[dict[str, Any]]:
    """The month's plan by hour of the week; hours of week that it lacks have no row."""
    plan = named.plan
    of_week, total, top = plan.demand.hour_of_week, plan.demand.total, plan.ride
    rows: list[dict[str, Any]] = []
    for hour in range(WEEK_HOURS):
        here = of_week == hour
        if not here.any():
            continue
        row: dict[str, Any] = {
            "accelerator": accelerator,
            "hour_of_week": hour,
            "term": named.term,
            "reserved_gpus": plan.reserved,
            "demand_mean_gpus": float(total[here].mean()),
            "demand_p50_gpus": float(np.quantile(total[here], 0.5)),
            "demand_p95_gpus": float(np.quantile(total[here], 0.95)),
        }
        if top is not None and plan.hour_costs is not None:
            row |= {
                "on_demand_gpus": float(top.on_demand[here].mean()),
                "spot_gpus": float((top.spot_serving + top.spot_training)[here].mean()),
                "ready_gpus": int(top.ready[here].max()),
                "shortfall_probability": float(top.shortfall[here].mean()),
                "expected_cost_usd": usd(plan.hour_costs[here].mean()),
            }
        rows.append(row)
    return rows


def _past_row(accelerator: str, plan: PastPlan) -> dict[str, Any]:
    today_cost: Decimal | None = None if plan.today_cost is None else usd(plan.today_cost)
    return {
        "accelerator": accelerator,
        "cutoff": plan.cutoff,
        "hours": plan.hours,
        "reserved_gpus": plan.reserved,
        "clairvoyant_gpus": plan.clairvoyant,
        "today_gpus": plan.today,
        "plan_cost_usd": usd(plan.cost),
        "clairvoyant_cost_usd": usd(plan.clairvoyant_cost),
        "today_cost_usd": today_cost,
        "plan_shortfall_ratio": plan.shortfall,
        "today_shortfall_ratio": plan.today_shortfall,
    }

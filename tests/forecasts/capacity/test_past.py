"""Plans of the past, paid at what came; and all of it from frames to frames."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
import worlds

from forecasts.capacity import past_cutoffs, past_plans, plan_all, rules_of, situations
from forecasts.capacity.past import demand_history
from forecasts.capacity.plan import Rules
from forecasts.capacity.regret import past_plan, regret_vs_clairvoyant, regret_vs_today
from forecasts.capacity.tables import BACKTEST_COLUMNS, HOUR_COLUMNS, PLAN_COLUMNS
from forecasts.frames import HOUR, QUANTILES

CUTOFF = worlds.START - HOUR


def paid(forecast: np.ndarray, came: np.ndarray, today: float | None = 20.0):
    plan = past_plan(CUTOFF, worlds.demand(forecast), came, today, 1.0, 2.5, 0.99)
    assert plan is not None
    return plan


def test_a_perfect_forecast_has_no_regret():
    day = worlds.by_hour_of_day(168)
    plan = paid(day, day)
    assert plan.reserved == plan.clairvoyant == 15
    assert regret_vs_clairvoyant([plan]) == 0.0
    assert plan.shortfall == 0.0


def test_a_wrong_forecast_by_hand():
    """10 were forecast, 20 came: 10 x 1 + 10 x 2.5 = 35 an hour, where 20 would have done."""
    plan = paid(np.full(48, 10.0), np.full(48, 20.0), today=22.0)
    assert (plan.cost, plan.clairvoyant_cost) == (35.0 * 48, 20.0 * 48)
    assert regret_vs_clairvoyant([plan]) == pytest.approx(0.75)
    # 22 GPUs at 2.50 are 55 an hour.
    assert regret_vs_today([plan]) == pytest.approx(35 / 55 - 1)
    assert plan.shortfall == 1.0
    assert plan.today_shortfall == 0.0


def test_who_knew_is_never_dearer():
    rng = np.random.default_rng(3)
    for _ in range(30):
        plan = paid(rng.gamma(2.0, 5.0, 168), rng.gamma(2.0, 5.0, 168))
        assert plan.clairvoyant_cost <= plan.cost + 1e-9


def test_unknown_hours_are_not_paid():
    came = np.full(48, 10.0)
    came[:40] = np.nan
    assert paid(np.full(48, 10.0), came).hours == 8
    nothing = past_plan(CUTOFF, worlds.demand(np.ones(2)), np.full(2, np.nan), None, 1.0, 2.5, 0.9)
    assert nothing is None


def test_cutoffs_leave_something_to_learn_from():
    last = worlds.START - HOUR
    first = last - 90 * 24 * HOUR + HOUR
    assert past_cutoffs(first, last) == [last - 672 * HOUR, last - 1344 * HOUR]
    assert past_cutoffs(last - 42 * 24 * HOUR + HOUR, last) == [last - 336 * HOUR]
    assert past_cutoffs(last - 20 * 24 * HOUR, last) == []


def frames():
    """H100 serves 1 to 24 and trains 2; A100 has no price."""
    past = pd.date_range(end=CUTOFF, periods=60 * 24, freq="h")
    rows = [
        pd.DataFrame(
            {
                "accelerator": name,
                "ds": past,
                "serving_gpus": worlds.by_hour_of_day(len(past)),
                "training_gpus": 2.0 if name == "H100" else np.nan,
                "allocated_gpus": 30.0,
            }
        )
        for name in ("A100", "H100")
    ]
    history = pd.concat(rows, ignore_index=True)
    prices = pd.DataFrame(
        [
            {
                "accelerator": "h100",
                "provider": "aws",
                "on_demand_per_hour": Decimal("2.5"),
                "reserved_1y_per_hour": Decimal("1"),
                "spot_per_hour": None,
                "spot_interruptions_per_hour": np.nan,
            }
        ]
    )
    fleet = pd.DataFrame(
        [{"accelerator": "H100", "today_gpus": 30.0, "today_hourly_usd": Decimal("2")}]
    )
    return history, prices, fleet


def forecast(start: pd.Timestamp, hours: int) -> pd.DataFrame:
    """Certain: the same day for ever."""
    ds = pd.date_range(start, periods=hours, freq="h")
    made = []
    for name in ("accelerator:A100", "accelerator:H100", "training:H100"):
        y = np.full(hours, 2.0) if name.startswith("t") else worlds.by_hour_of_day(hours)
        made.append(
            pd.DataFrame(
                {
                    "unique_id": name,
                    "measure": "gpus",
                    "model": "m",
                    "is_champion": True,
                    "ds": ds,
                    "created_at": start - HOUR,
                    **dict.fromkeys(QUANTILES, y),
                }
            )
        )
    return pd.concat(made, ignore_index=True)


def test_from_frames_to_frames():
    history, prices, fleet = frames()
    rules = rules_of(
        {
            "service_level": 0.99,
            "spot_serving_risk": 0.01,
            "spot_restart_minutes": 10,
            "spot_lost_minutes": 30,
        }
    )
    assert rules == Rules()
    now = situations(forecast(worlds.START, 672), history, prices, fleet, rules)
    cutoff = worlds.START - 337 * HOUR
    past = past_plans(forecast(cutoff + HOUR, 336), history, prices, rules)
    made = plan_all(now, CUTOFF, past)
    assert tuple(made.plans) == PLAN_COLUMNS
    assert tuple(made.hours) == HOUR_COLUMNS
    assert tuple(made.backtests) == BACKTEST_COLUMNS
    plans = made.plans.set_index(["accelerator", "term"])
    assert list(plans.index) == [("A100", "month"), ("H100", "month"), ("H100", "1y")]
    unpriced, month = plans.loc[("A100", "month")], plans.loc[("H100", "month")]
    assert unpriced["missing"].startswith("on-demand price; reserved price")
    assert unpriced["expected_cost_usd"] is None
    # 3 to 26 GPUs, 60 % of them up to 16.4: 17; above ride 1 to 9.
    assert month["reserved_gpus"] == 17
    assert month["on_demand_gpus"] == pytest.approx(45 / 24)
    assert month["expected_cost_usd"] == Decimal(17 * 672) + Decimal("2.5") * 45 * 28
    assert month["saving_usd"] == Decimal(30 * 2 * 672) - month["expected_cost_usd"]
    assert month["training_mean_gpus"] == pytest.approx(2.0)
    assert (month["backtest_cutoffs"], month["regret_vs_clairvoyant_ratio"]) == (1, 0.0)
    hours = made.hours[made.hours["accelerator"] == "H100"]
    assert len(hours) == 168
    assert hours["on_demand_gpus"].mean() == pytest.approx(month["on_demand_gpus"])
    hourly = float(sum(hours["expected_cost_usd"])) * 4
    assert hourly == pytest.approx(float(month["expected_cost_usd"]))
    assert made.backtests["cutoff"].tolist() == [cutoff]
    assert made.backtests["today_gpus"].tolist() == [30.0]


def test_demand_history_is_long_and_known():
    long = demand_history(frames()[0])
    assert sorted(long["unique_id"].unique()) == [
        "accelerator:A100",
        "accelerator:H100",
        "training:H100",
    ]
    assert len(long) == 3 * 60 * 24
    assert (long["measure"] == "gpus").all()

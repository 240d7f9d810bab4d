"""Between trainings champions stay; at a training one that fails gives way to the last good one."""

import numpy as np
import pandas as pd
import pytest

from forecasts.champions import CHAMPION_COLUMNS, hold, train
from forecasts.frames import BACKTEST_COLUMNS, FORECAST_COLUMNS, DemandForecast, typed

NOW = pd.Timestamp("2026-05-01")
WEEK = pd.Timedelta(days=7)
NOBODY = typed(pd.DataFrame(), CHAMPION_COLUMNS)


def forecast(champions: dict[str, str], models=("naive", "mix", "prophet"), at=NOW):
    rows = [
        {
            **{"unique_id": name, "measure": "gpus", "model": model, "created_at": at},
            **{"is_champion": model == best, "champion_reason": f"chose {best}"},
            **{"ds": at + pd.Timedelta(hours=hour), "y_p50": 1.0},
        }
        for name, best in champions.items()
        for model in models
        for hour in (1, 2)
    ]
    return typed(pd.DataFrame(rows), FORECAST_COLUMNS)


def backtest(name: str, model: str, mase=(1.0, 1.0, 1.0), coverage=0.9, skill=0.2):
    """Cutoffs oldest first."""
    cutoffs = [NOW - WEEK * (len(mase) - at) for at in range(len(mase))]
    return pd.DataFrame(
        {
            "unique_id": name, "measure": "gpus", "model": model, "created_at": NOW,
            "horizon_bucket": "001-024h", "cutoff": cutoffs, "mase": mase, "wape": 0.1,
            "pinball": 1.0, "coverage_90": coverage, "skill_vs_seasonal_naive": skill,
        }
    )  # fmt: skip


def made(champions: dict[str, str], *tests: pd.DataFrame, **how) -> DemandForecast:
    backtests = pd.concat(tests) if tests else pd.DataFrame()
    return DemandForecast(forecast(champions, **how), typed(backtests, BACKTEST_COLUMNS))


def models(spoken) -> dict[str, str]:
    return dict(zip(spoken.champions["unique_id"], spoken.champions["model"], strict=True))


def speaking(spoken) -> set[tuple[str, str]]:
    rows = spoken.made.forecasts
    return set(rows.loc[rows["is_champion"], ["unique_id", "model"]].itertuples(index=False))


def test_a_first_training_takes_the_backtest_s_choice():
    spoken = train(made({"a": "mix"}, backtest("a", "mix")), NOBODY)
    (row,) = spoken.champions.to_dict("records")
    assert (row["model"], row["failed_checks"], row["last_good_model"]) == ("mix", "", "mix")
    assert (row["trained_at"], row["last_good_at"]) == (NOW, NOW)
    assert (row["coverage_90"], row["skill_vs_seasonal_naive"], row["error_drift"]) == (
        pytest.approx(0.9), pytest.approx(0.2), 1.0,
    )  # fmt: skip
    assert speaking(spoken) == {("a", "mix")}


@pytest.mark.parametrize(
    ("bad", "name"),
    [
        ({"coverage": 0.74}, "coverage"),
        ({"skill": -0.11}, "skill"),
        # 2.6 against a median of 1
        ({"mase": (0.9, 1.0, 1.1, 2.6)}, "drift"),
        ({"coverage": 0.5, "skill": -1.0}, "coverage, skill"),
    ],
)
def test_a_champion_that_fails_gives_way_to_the_last_good_one(bad, name):
    before = train(made({"a": "mix"}, backtest("a", "mix"), at=NOW - WEEK), NOBODY).champions
    now = made({"a": "prophet"}, backtest("a", "prophet", **bad), backtest("a", "mix"))
    spoken = train(now, before)
    (row,) = spoken.champions.to_dict("records")
    assert row["model"] == row["last_good_model"] == "mix"
    assert row["reason"] == f"prophet failed {name}; the last good champion"
    assert row["failed_checks"] == ""
    assert row["last_good_at"] == NOW - WEEK
    assert speaking(spoken) == {("a", "mix")}


def test_without_another_good_champion_it_speaks_and_says_what_failed():
    spoken = train(made({"a": "mix"}, backtest("a", "mix", coverage=0.5)), NOBODY)
    (row,) = spoken.champions.to_dict("records")
    assert (row["model"], row["failed_checks"]) == ("mix", "coverage")
    assert pd.isna(row["last_good_model"]) and pd.isna(row["last_good_at"])
    again = train(made({"a": "mix"}, backtest("a", "mix", coverage=0.5)), spoken.champions)
    assert models(again) == {"a": "mix"}


def test_a_last_good_model_that_is_gone_cannot_speak():
    before = train(made({"a": "mix"}, backtest("a", "mix")), NOBODY).champions
    now = made({"a": "prophet"}, backtest("a", "prophet", skill=-1.0), models=("prophet", "naive"))
    assert models(train(now, before)) == {"a": "prophet"}


def test_between_trainings_champions_stay_and_new_series_choose():
    before = train(made({"a": "mix"}, backtest("a", "mix"), at=NOW - WEEK), NOBODY).champions
    now = made({"a": "prophet", "b": "naive"}, backtest("a", "mix", skill=-0.5))
    spoken = hold(now, before)
    assert models(spoken) == {"a": "mix", "b": "naive"}
    assert speaking(spoken) == {("a", "mix"), ("b", "naive")}
    a, b = spoken.champions.to_dict("records")
    assert (a["trained_at"], a["reason"], a["failed_checks"]) == (NOW - WEEK, "chose mix", "skill")
    assert (b["trained_at"], b["reason"], b["failed_checks"]) == (NOW, "chose naive", "")
    assert b["last_good_model"] == "naive"


def test_what_cannot_be_measured_fails_nothing():
    single = backtest("a", "mix", mase=(np.nan,), coverage=np.nan, skill=np.nan)
    for tests in ((), (single,)):
        spoken = train(made({"a": "mix"}, *tests), NOBODY)
        assert list(spoken.champions["failed_checks"]) == [""]


def test_nothing_forecast_has_no_champions():
    nothing = DemandForecast(
        typed(pd.DataFrame(), FORECAST_COLUMNS), typed(pd.DataFrame(), BACKTEST_COLUMNS)
    )
    for spoken in (train(nothing, NOBODY), hold(nothing, NOBODY)):
        assert len(spoken.champions) == 0
        assert dict(spoken.champions.dtypes.astype(str)) == CHAMPION_COLUMNS


def test_what_the_champions_say_of_series_and_totals_agrees():
    """8 a series and 20 in total, all without spread: no row is wrong about its own error."""
    names = ("m/v1/api/H", "m/v2/api/H", "accelerator:H")
    said = dict(zip(names, (8.0, 8.0, 20.0), strict=True))
    rows = forecast(dict.fromkeys(names, "mix")).assign(measure="requests")
    levels = [f"y_p{level}" for level in (50, 80, 90, 95, 99)]
    for level in levels:
        rows[level] = rows["unique_id"].map(said)
    spoken = train(DemandForecast(rows, typed(pd.DataFrame(), BACKTEST_COLUMNS)), NOBODY)
    public = spoken.made.forecasts.query("is_champion").groupby("unique_id")["y_p50"].first()
    assert public[names[2]] == pytest.approx(public[names[0]] + public[names[1]])
    assert 16 < public[names[2]] < 20
    rival = spoken.made.forecasts.query("model == 'prophet'").groupby("unique_id")["y_p50"].first()
    assert dict(rival) == said

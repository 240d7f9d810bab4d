import warnings

import numpy as np
import pandas as pd
import pytest

from forecasts import (
    BACKTEST_COLUMNS,
    FORECAST_COLUMNS,
    QUANTILES,
    default_forecasters,
    forecast_demand,
    forecast_groups,
)
from tests.forecasts.series import END, history, planted

Q = list(QUANTILES)
MODELS = {"combination", "like_hours", "prophet", "seasonal_naive"}
RNG = np.random.default_rng(11)
GAPS = np.where(np.arange(840) % 97 < 20, np.nan, planted(840))


@pytest.fixture(scope="module")
def result():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return forecast_demand(
            history(
                {
                    "accelerator:NVIDIA-H100": planted(840) + RNG.normal(0, 60, 840),
                    "gaps": GAPS,
                    "one": [3.0],
                    "two": [3.0, 5.0],
                    "unknown": [np.nan, np.nan],
                    "zero": np.zeros(840),
                }
            ),
            END,
        )


def test_every_series_has_the_next_28_days_from_every_model(result):
    forecasts = result.forecasts
    assert {k: str(v) for k, v in forecasts.dtypes.items()} == FORECAST_COLUMNS
    assert set(forecasts["unique_id"]) == {"accelerator:NVIDIA-H100", "gaps", "one", "two", "zero"}
    expected = pd.date_range(END + pd.Timedelta(hours=1), periods=672, freq="h")
    assert set(forecasts["model"]) == MODELS
    for _, rows in forecasts.groupby(["unique_id", "model"]):
        assert rows["ds"].tolist() == expected.tolist()
        assert rows["is_champion"].nunique() == 1
    champions = forecasts.loc[forecasts["is_champion"]].groupby("unique_id")["model"].nunique()
    assert champions.tolist() == [1] * 5
    assert (forecasts["created_at"] == END).all()


def test_values_are_sane(result):
    values = result.forecasts[Q].to_numpy()
    assert np.isfinite(values).all()
    assert (values >= 0).all()
    assert (np.diff(values, axis=1) >= 0).all()
    zero = result.forecasts.loc[result.forecasts["unique_id"] == "zero", Q]
    assert (zero == 0).all(axis=None)


def test_the_combination_speaks_unless_another_is_clearly_better(result):
    backtests = result.backtests
    assert {k: str(v) for k, v in backtests.dtypes.items()} == BACKTEST_COLUMNS
    assert set(backtests["unique_id"]) == {"accelerator:NVIDIA-H100", "gaps", "zero"}
    assert set(backtests["model"]) == MODELS
    assert backtests["cutoff"].nunique() == 3
    champions = result.forecasts.loc[result.forecasts["is_champion"]].groupby("unique_id").first()
    kinds = ["accelerator:NVIDIA-H100", "one", "two", "zero"]
    assert champions.loc[kinds, "model"].tolist() == ["combination"] * 4
    reasons = champions["champion_reason"]
    assert reasons["one"] == "default: 0 backtest folds, fewer than 3"
    assert reasons["accelerator:NVIDIA-H100"] == "default: no rival clearly better over 3 folds"


def test_the_combination_beats_last_week(result):
    # With four weeks of history; with two, at the oldest cutoff, widths are still generous.
    newest = result.backtests["cutoff"] == result.backtests["cutoff"].max()
    rows = result.backtests[newest].query("unique_id == 'accelerator:NVIDIA-H100'")
    rows = rows[rows["model"] == "combination"]
    assert rows["skill_vs_seasonal_naive"].mean() > 0.05
    assert rows["coverage_90"].between(0.7, 1.0).all()


def test_empty_history_gives_empty_typed_frames():
    empty = pd.DataFrame({"unique_id": [], "measure": [], "ds": [], "y": []})
    got = forecast_demand(empty, END)
    assert {k: str(v) for k, v in got.forecasts.dtypes.items()} == FORECAST_COLUMNS
    assert {k: str(v) for k, v in got.backtests.dtypes.items()} == BACKTEST_COLUMNS
    assert len(got.forecasts) == len(got.backtests) == 0


def test_the_order_of_rows_and_what_lies_ahead_do_not_matter():
    frame = history({"a": planted(100), "b": planted(100) * 2})
    ahead = frame.assign(ds=frame["ds"] + pd.Timedelta(days=30), y=1e9)
    first = forecast_demand(frame, END, 24)
    second = forecast_demand(pd.concat([ahead, frame.sample(frac=1, random_state=3)]), END, 24)
    pd.testing.assert_frame_equal(first.forecasts, second.forecasts)
    pd.testing.assert_frame_equal(first.backtests, second.backtests)


def test_worker_threads_give_the_same_and_progress_is_reported():
    series = {f"s{i:03d}": [float(i % 7), 1.0 + i % 5] * 15 for i in range(102)}
    seen = []
    got = forecast_demand(history(series), END, 3, lambda *args: seen.append(args))
    assert seen == [(i + 1, 102, f"s{i:03d} requests") for i in range(102)]
    # Two groups of fifty-one, which learn apart.
    names = sorted(series)[:51]
    alone = forecast_demand(history({name: series[name] for name in names}), END, 3).forecasts
    same = got.forecasts.loc[got.forecasts["unique_id"].isin(names)].reset_index(drop=True)
    pd.testing.assert_frame_equal(alone, same)


def test_groups_hold_all_series_once():
    series = {f"s{i:03d}": [float(i)] * 26 for i in range(104)}
    groups = list(forecast_groups(history(series), END, 2))
    assert [group.forecasts["unique_id"].nunique() for group in groups] == [52, 52]
    names = pd.concat([group.forecasts for group in groups])["unique_id"]
    assert sorted(names.unique()) == sorted(series)


def test_dead_and_constant_series_cost_nothing(monkeypatch):
    def never(*_args, **_kwargs):
        raise AssertionError("a model was asked")

    for model in default_forecasters():
        monkeypatch.setattr(type(model), "predict", never)
    monkeypatch.setattr("forecasts.models.like_hours.LikeHours.predict", never)
    got = forecast_demand(history({"dead": [0.0] * 900, "constant": [4.0] * 900}), END, 24)
    values = got.forecasts.groupby("unique_id")[Q].max().max(axis=1)
    assert values.to_dict() == {"constant": 4.0, "dead": 0.0}


def test_planned_traffic_of_a_new_series_counts():
    series = {"new": planted(840)[-10:] / 100.0} | {f"old{i}": planted(840) for i in range(3)}
    plain = forecast_demand(history(series), END, 168).forecasts
    told = forecast_demand(history(series), END, 168, planned={"new": 80.0}).forecasts
    level = {
        name: rows.query("unique_id == 'new' and is_champion")["y_p50"].mean()
        for name, rows in (("plain", plain), ("told", told))
    }
    assert level["told"] > 3.0 * level["plain"]

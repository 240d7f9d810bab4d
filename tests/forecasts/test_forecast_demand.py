import warnings

import numpy as np
import pandas as pd
import pytest

from forecasts import BACKTEST_COLUMNS, FORECAST_COLUMNS, QUANTILES, forecast_demand
from tests.forecasts.series import END, history, planted

Q = list(QUANTILES)
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


def test_every_series_has_the_next_28_days_from_both_models(result):
    forecasts = result.forecasts
    assert {k: str(v) for k, v in forecasts.dtypes.items()} == FORECAST_COLUMNS
    assert set(forecasts["unique_id"]) == {"accelerator:NVIDIA-H100", "gaps", "one", "two", "zero"}
    expected = pd.date_range(END + pd.Timedelta(hours=1), periods=672, freq="h")
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


def test_the_champion_is_the_model_with_the_lower_backtest_loss(result):
    backtests = result.backtests
    assert {k: str(v) for k, v in backtests.dtypes.items()} == BACKTEST_COLUMNS
    assert set(backtests["unique_id"]) == {"accelerator:NVIDIA-H100", "gaps", "zero"}
    best = result.forecasts.loc[result.forecasts["is_champion"]].groupby("unique_id")["model"]
    assert best.first().to_dict() == {
        "accelerator:NVIDIA-H100": "prophet",
        "gaps": "seasonal_naive",  # repeats exactly, so last week is a perfect forecast
        "one": "seasonal_naive",
        "two": "seasonal_naive",
        "zero": "seasonal_naive",
    }


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


def test_worker_processes_give_the_same_and_progress_is_reported():
    series = {f"s{i}": [float(i)] * 30 for i in range(9)}
    seen = []
    got = forecast_demand(history(series), END, 3, lambda *args: seen.append(args))
    assert seen == [(i + 1, 9, f"s{i} requests") for i in range(9)]
    assert got.forecasts["y_p50"].tolist() == [float(i) for i in range(9) for _ in range(6)]
    alone = forecast_demand(history({"s4": series["s4"]}), END, 3).forecasts
    same = got.forecasts.loc[got.forecasts["unique_id"] == "s4"].reset_index(drop=True)
    pd.testing.assert_frame_equal(alone, same)


def test_a_model_that_gives_up_leaves_the_baseline(monkeypatch, caplog):
    def give_up(*_args):
        raise RuntimeError("no convergence")

    monkeypatch.setattr("forecasts.prophet_model._fit", give_up)
    got = forecast_demand(history({"a": planted(100)}), END, 24)
    assert set(got.forecasts["model"]) == {"seasonal_naive"}
    assert got.forecasts["is_champion"].all()
    assert "a requests: baseline only, no convergence" in caplog.text

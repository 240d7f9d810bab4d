import numpy as np
import pytest

from forecasts import SeasonalNaive
from forecasts.backtest import backtest, champion, cutoffs, hold_out_hours
from forecasts.frames import future_hours, quantile_frame
from tests.forecasts.series import hourly, planted


class Constant:
    """Always forecasts the same value, and notes what it was shown."""

    name = "constant"

    def __init__(self, value):
        self.value, self.shown = value, []

    def fit_predict(self, y, horizon):
        self.shown.append(y["ds"].iloc[-1])
        ds = future_hours(y["ds"].iloc[-1], horizon)
        return quantile_frame(ds, np.full((horizon, 5), self.value))


@pytest.mark.parametrize(
    ("days", "held_out", "sizes"),
    [
        (2, 0, ()),
        (3, 24, (48,)),
        (6, 48, (96,)),
        (14, 96, (240,)),
        (21, 168, (336,)),
        (27, 168, (480,)),
        (28, 168, (336, 504)),
        (90, 168, (1824, 1992)),
    ],
)
def test_hold_out_follows_the_history(days, held_out, sizes):
    assert hold_out_hours(days * 24) == held_out
    assert cutoffs(days * 24) == sizes


def test_scores_are_those_of_the_held_out_hours():
    # Four days at 10, then 1 at 20 in the first held-out day and 15 in the second.
    y = hourly(np.concatenate([np.full(96, 10.0), np.full(24, 20.0), np.full(24, 15.0)]))
    model = Constant(10.0)
    tested = backtest(y, (SeasonalNaive(), model))
    assert model.shown == [y["ds"].iloc[95]]
    rows = tested.rows.loc[tested.rows["model"] == "constant"].set_index("horizon_bucket")
    assert rows["wape"].tolist() == pytest.approx([0.5, 5.0 / 15.0])
    # Errors of 10 and 5 at all five levels: their mean level is 4.14 / 5 = 0.828.
    assert rows["pinball"].tolist() == pytest.approx([8.28, 4.14])
    assert rows["coverage_90"].tolist() == [0.0, 0.0]
    assert rows["skill_vs_seasonal_naive"].tolist() == pytest.approx([0.0, 0.0])
    assert tested.losses["constant"] == pytest.approx((8.28 + 4.14) / 2)


def test_unknown_hours_are_not_scored():
    y = hourly(np.concatenate([np.full(144, 10.0), np.full(48, np.nan)]))
    tested = backtest(y, (SeasonalNaive(),))
    assert tested.rows.empty
    assert tested.losses == {}


def test_the_champion_has_the_lower_loss():
    assert champion({"seasonal_naive": 2.0, "prophet": 1.0}, "seasonal_naive") == "prophet"
    assert champion({"prophet": 1.0, "seasonal_naive": 1.0}, "seasonal_naive") == "seasonal_naive"
    assert champion({}, "seasonal_naive") == "seasonal_naive"


def test_a_perfect_model_has_skill_one():
    class Oracle(Constant):
        def fit_predict(self, y, horizon):
            ds = future_hours(y["ds"].iloc[-1], horizon)
            truth = planted(horizon, start=len(y))
            return quantile_frame(ds, np.repeat(truth[:, None], 5, axis=1))

    rng = np.random.default_rng(3)
    y = planted(672)
    y[:504] += rng.normal(0.0, 30.0, 504)
    tested = backtest(hourly(y), (SeasonalNaive(), Oracle(0.0)))
    newest = tested.rows["cutoff"] == tested.rows["cutoff"].max()
    oracle = tested.rows.loc[newest & (tested.rows["model"] == "constant")]
    assert oracle["skill_vs_seasonal_naive"].tolist() == [1.0, 1.0]
    assert oracle["mase"].tolist() == [0.0, 0.0]

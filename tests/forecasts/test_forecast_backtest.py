import numpy as np
import pandas as pd
import pytest

from forecasts import SeasonalNaive, metrics
from forecasts.backtest import fold_losses, fold_rows, replay
from forecasts.folds import cutoffs, folds, hold_out_hours
from forecasts.frames import LEVELS
from forecasts.panel_scores import score
from tests.forecasts.series import bursty, noisy, panel, planted, wandering


class Constant:
    """Always forecasts the same value, and notes what it was shown."""

    name = "constant"

    def __init__(self, value):
        self.value, self.shown = value, []

    def predict(self, panel, horizon, levels=LEVELS):
        self.shown.append(panel.end)
        return np.full((len(panel.ids), horizon, len(levels)), self.value)


def run_all_folds(whole, *forecasters):
    """Backtest rows and losses (models, folds, series)."""
    rows, losses = [], []
    for fold in folds(whole):
        predicted = replay(fold, forecasters, LEVELS)
        rows.append(fold_rows(fold, predicted, forecasters[0].name))
        losses.append(fold_losses(fold, predicted, len(whole.ids)))
    return pd.concat(rows, ignore_index=True), np.stack(losses, axis=1)


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
        (35, 168, (336, 504, 672)),
        (90, 168, (1656, 1824, 1992)),
    ],
)
def test_hold_out_follows_the_history(days, held_out, sizes):
    assert hold_out_hours(days * 24) == held_out
    assert cutoffs(days * 24) == sizes


def test_scores_are_those_of_the_held_out_hours():
    # Four days at 10, then 1 at 20 in the first held-out day and 15 in the second.
    whole = panel({"a": np.concatenate([np.full(96, 10.0), np.full(24, 20.0), np.full(24, 15.0)])})
    model = Constant(10.0)
    rows, losses = run_all_folds(whole, SeasonalNaive(), model)
    assert model.shown == [whole.ds[95]]
    rows = rows.loc[rows["model"] == "constant"].set_index("horizon_bucket")
    assert rows["wape"].tolist() == pytest.approx([0.5, 5.0 / 15.0])
    # Errors of 10 and 5 at all five levels: their mean level is 4.14 / 5 = 0.828.
    assert rows["pinball"].tolist() == pytest.approx([8.28, 4.14])
    assert rows["coverage_90"].tolist() == [0.0, 0.0]
    assert rows["skill_vs_seasonal_naive"].tolist() == pytest.approx([0.0, 0.0])
    assert losses[1, 0, 0] == pytest.approx((8.28 + 4.14) / 2)


def test_unknown_hours_are_not_scored():
    whole = panel({"a": np.concatenate([np.full(144, 10.0), np.full(48, np.nan)])})
    (fold,) = folds(whole)
    predicted = replay(fold, [SeasonalNaive()], LEVELS)
    assert fold_rows(fold, predicted, "seasonal_naive").empty
    assert np.isnan(fold_losses(fold, predicted, 1)).all()


def test_a_series_not_known_at_a_cutoff_is_not_in_its_fold():
    whole = panel({"a": noisy(900, 1), "b": noisy(200, 2), "c": noisy(500, 3)})
    assert [fold.rows.tolist() for fold in folds(whole)] == [[0], [0, 2], [0, 1, 2]]
    newest = folds(whole)[-1]
    assert newest.panel.ids == ("a", "b", "c")
    assert (newest.actual == whole.y[:, -168:]).all()


def test_a_perfect_model_has_skill_one():
    y = planted(672)
    y[:504] += np.random.default_rng(3).normal(0.0, 30.0, 504)

    class Oracle(Constant):
        def predict(self, panel, horizon, levels=LEVELS):
            truth = planted(horizon, start=panel.hours)
            return np.repeat(truth[None, :, None], len(levels), axis=2)

    rows, _ = run_all_folds(panel({"a": y}), SeasonalNaive(), Oracle(0.0))
    newest = rows["cutoff"] == rows["cutoff"].max()
    oracle = rows.loc[newest & (rows["model"] == "constant")]
    assert oracle["skill_vs_seasonal_naive"].tolist() == [1.0, 1.0]
    assert oracle["mase"].tolist() == [0.0, 0.0]


def test_scores_of_a_panel_are_the_metrics_of_each_series():
    random = np.random.default_rng(5)
    history = panel(
        {
            "a": noisy(700, 1),
            "b": bursty(100, 2),
            "c": np.zeros(400),
            "d": [4.0],
            "e": wandering(60, 3),
        }
    )
    actual = random.gamma(2.0, 50.0, (5, 72))
    actual[random.random(actual.shape) < 0.2] = np.nan
    actual[2] = 0.0
    quantiles = np.sort(random.gamma(2.0, 50.0, (5, 72, 5)), axis=2)
    got = score(actual, quantiles, history)
    for row in range(5):
        known = ~np.isnan(actual[row])
        y, q = actual[row, known], quantiles[row, known]
        own = history.y[row, history.first_hours()[row] :]
        season = 168 if len(own) >= 336 else 24 if len(own) >= 48 else 1
        assert got.wape[row] == pytest.approx(metrics.wape(y, q), nan_ok=True)
        assert got.mase[row] == pytest.approx(metrics.mase(y, q, own, season), nan_ok=True)
        assert got.pinball[row] == pytest.approx(metrics.pinball(y, q))
        assert got.coverage_90[row] == pytest.approx(metrics.coverage_90(y, q))

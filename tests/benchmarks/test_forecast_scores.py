"""Scores worked by hand."""

import numpy as np
import pandas as pd
import pytest

from benchmarks.forecasts.folds import Fold
from benchmarks.forecasts.reserve import excess_cost, pooled
from benchmarks.forecasts.scores import score
from forecasts.panel import Panel

END = pd.Timestamp("2024-01-02 23:00")


def fold(future, past=None) -> Fold:
    future = np.atleast_2d(np.asarray(future, dtype=float))
    rows = np.tile(np.arange(48.0), (len(future), 1)) if past is None else past
    ids = tuple(f"s{number}" for number in range(len(future)))
    return Fold("f", Panel(ids, END, rows), future)


def sure(*values) -> np.ndarray:
    """All quantiles at one value, hour by hour."""
    return np.repeat(np.asarray(values, dtype=float)[None, :, None], 5, axis=2)


def test_every_sum_by_hand():
    (row,) = score(fold([10.0, 20.0, np.nan]), "m", sure(12.0, 15.0, 99.0)).to_dict("records")
    assert row["hours"] == 2
    assert row["demand"] == 30.0
    assert row["absolute_error"] == 7.0
    # 2 too high costs 2 x (1 - level), 5 too low 5 x level; levels .5 .8 .9 .95 .99.
    mean = np.mean([0.5, 0.8, 0.9, 0.95, 0.99])
    assert row["pinball"] == pytest.approx(2 * (1 - mean) + 5 * mean)
    assert row["pinball_99"] == pytest.approx(2 * 0.01 + 5 * 0.99)
    assert (row["below_p90"], row["below_p95"]) == (1, 1)
    # Two days rise by one an hour: the same hour a day before is 24 less.
    assert row["naive_error"] == 2 * 24.0


def test_the_right_quantile_is_compared():
    quantiles = np.array([[[1.0, 2.0, 3.0, 4.0, 5.0]] * 2])
    (row,) = score(fold([3.0, 4.0]), "m", quantiles).to_dict("records")
    assert row["absolute_error"] == 2.0 + 3.0
    assert row["below_p90"] == 1
    assert row["below_p95"] == 2


def test_what_did_not_come_is_not_scored():
    rows = score(fold([[1.0], [np.nan]]), "m", np.zeros((2, 1, 5)))
    assert rows["unique_id"].tolist() == ["s0"]


def test_what_is_no_forecast_is_refused():
    with pytest.raises(ValueError, match="does not fit"):
        score(fold([1.0]), "m", np.zeros((1, 2, 5)))
    with pytest.raises(ValueError, match="finite"):
        score(fold([1.0]), "m", np.full((1, 1, 5), np.nan))


def test_the_clairvoyant_reserves_the_third_of_five():
    """Demand 1 to 5 at 1 and 2.5: reserve 3, pay 15 and 2.5 x (1 + 2) = 22.5."""
    excess, least = excess_cost(np.array([[1.0, 2.0, 3.0, 4.0, 5.0]]), sure(*[5.0] * 5))
    assert least == pytest.approx([22.5])
    assert excess == pytest.approx([25.0 - 22.5])
    by_search = min(5 * r + 2.5 * sum(max(y - r, 0) for y in range(1, 6)) for r in range(6))
    assert least[0] == by_search


def test_a_perfect_forecast_has_no_regret():
    future = np.random.default_rng(1).gamma(2.0, 10.0, (3, 48))
    excess, _ = excess_cost(future, np.repeat(future[:, :, None], 5, axis=2))
    assert excess == pytest.approx([0.0] * 3)


def test_no_reserve_but_the_clairvoyants_is_cheaper():
    draw = np.random.default_rng(2)
    future = draw.gamma(2.0, 10.0, (50, 48))
    quantiles = np.sort(draw.gamma(2.0, 10.0, (50, 48, 5)), axis=2)
    assert (excess_cost(future, quantiles)[0] >= -1e-9).all()


def test_pooled_points_follow_the_quantiles_and_their_mirror():
    points = np.sort(pooled(np.array([10.0, 13.0, 15.0, 16.0, 18.0])))
    # Half-way points of a hundred: the 50th and 51st surround the median.
    assert points[49:51].mean() == pytest.approx(10.0)
    assert points[79:81].mean() == pytest.approx(13.0, abs=0.2)
    assert points[19:21].mean() == pytest.approx(7.0, abs=0.2)
    assert points[-1] == 18.0
    assert (pooled(np.array([1.0, 5.0, 6.0, 7.0, 8.0])) >= 0.0).all()

"""Even points: exact margins, near independence, a wanted correlation."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr

from forecasts.capacity.points import correlated, even_points, rank_correlation


def test_each_coordinate_is_the_midpoints_of_equal_steps():
    points = even_points(64, 5)
    for coordinate in points:
        assert np.sort(coordinate) == pytest.approx((np.arange(64) + 0.5) / 64)


def test_coordinates_are_close_to_independent():
    correlation = np.asarray(spearmanr(even_points(128, 5).T).statistic)
    assert np.abs(correlation - np.eye(5)).max() < 0.02


@pytest.mark.parametrize("wanted", [-0.9, -0.3, 0.0, 0.5, 1.0])
def test_the_copula_has_the_rank_correlation(wanted: float):
    pair = correlated(even_points(512, 2), wanted)
    assert float(spearmanr(pair.T).statistic) == pytest.approx(wanted, abs=0.05)
    assert np.sort(pair[1]) == pytest.approx((np.arange(512) + 0.5) / 512)


def test_common_hours_of_the_week_are_no_correlation():
    """Both follow the day; what differs from it is shared in one case only."""
    rng = np.random.default_rng(4)
    ds = pd.date_range("2026-03-02", periods=10 * 168, freq="h")
    wave = 50.0 + 20.0 * np.sin(2 * np.pi * ds.hour.to_numpy() / 24)
    noise = rng.normal(0.0, 3.0, len(ds))
    alone = pd.Series(wave + noise, ds), pd.Series(wave + rng.normal(0.0, 3.0, len(ds)), ds)
    assert abs(rank_correlation(*alone)) < 0.06
    shared = pd.Series(wave + noise, ds), pd.Series(wave + noise + rng.normal(0, 3, len(ds)), ds)
    assert rank_correlation(*shared) == pytest.approx(0.68, abs=0.06)


def test_little_history_says_nothing():
    ds = pd.date_range("2026-03-02", periods=300, freq="h")
    ramp = pd.Series(np.arange(300.0), ds)
    assert rank_correlation(ramp, ramp) == 0.0

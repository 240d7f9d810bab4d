"""The level beyond the horizon: planted wandering, noise, growth, jumps, silence."""

import numpy as np
import pytest

from forecasts.capacity.levels import level_drift


def of_weeks(levels: np.ndarray) -> np.ndarray:
    """Hours of a daily wave around each week's level."""
    day = 1.0 + 0.5 * np.sin(2 * np.pi * np.arange(168) / 24)
    return np.concatenate([level * day for level in levels])


def test_a_wandering_level_is_measured():
    found = []
    for seed in range(20):
        steps = np.random.default_rng(seed).normal(0.0, 0.08, 60)
        found.append(level_drift(of_weeks(100.0 * np.exp(np.cumsum(steps)))).weekly_variance)
    assert np.median(found) == pytest.approx(0.0064, rel=0.4)


def test_noise_of_single_weeks_is_not_wandering():
    found = []
    for seed in range(20):
        noise = np.random.default_rng(seed).normal(0.0, 0.2, 60)
        found.append(level_drift(of_weeks(100.0 * np.exp(noise))).weekly_variance)
    assert np.median(found) < 0.005


def test_a_wild_level_is_no_year_of_it():
    wild = np.exp(np.cumsum(np.random.default_rng(1).normal(0.0, 0.6, 40)))
    assert level_drift(of_weeks(wild)).weekly_variance == pytest.approx(0.01)


def test_one_jump_is_no_habit():
    levels = np.concatenate([np.full(20, 10.0), np.full(20, 40.0)])
    assert level_drift(of_weeks(levels)).weekly_variance < 0.002


def test_steady_growth_is_carried_on_and_fades():
    drift = level_drift(of_weeks(100.0 * np.exp(0.05 * np.arange(26))))
    assert drift.weekly_growth == pytest.approx(0.05)
    assert "growth" in drift.method
    year = drift.growth_after(np.array([1.0, 52.0, 500.0]))
    assert year[0] == pytest.approx(0.05)
    assert year[1] == pytest.approx(year[2], rel=1e-3)
    assert year[2] < 0.05 * 6.5


def test_growth_that_turns_is_not_believed():
    levels = np.exp(np.concatenate([0.1 * np.arange(10), 0.9 - 0.1 * np.arange(10)]))
    assert level_drift(of_weeks(levels)).weekly_growth == 0.0


def test_little_history_says_that_it_assumes():
    for history in (np.empty(0), np.full(300, 5.0), np.zeros(20 * 168), np.full(20 * 168, np.nan)):
        drift = level_drift(history)
        assert drift.weekly_variance == pytest.approx(0.0025)
        assert "assumed" in drift.method


def test_unknown_hours_have_no_word():
    values = of_weeks(np.full(20, 30.0))
    values[::7] = np.nan
    values[168:336] = np.nan
    assert level_drift(values).weekly_variance < 0.004

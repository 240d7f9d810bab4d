"""Demand of a term: both parts, their correlation, and what lies beyond the forecast."""

import numpy as np
import pandas as pd
import pytest
import worlds

from forecasts.capacity.levels import LevelDrift
from forecasts.capacity.scenario import extended, of_forecast


def test_parts_add_within_a_point():
    demand = worlds.demand(worlds.by_hour_of_day(48), np.full(48, 2.0))
    assert demand.total[:3, 0] == pytest.approx([3.0, 4.0, 5.0])
    assert demand.hour_of_week[25] == 25


def test_correlated_parts_peak_together():
    ds = worlds.hours(24)
    quantiles = np.tile([10.0, 14.0, 16.0, 18.0, 22.0], (24, 1))
    apart, together = (of_forecast(ds, quantiles, quantiles, rho).total for rho in (0.0, 0.9))
    assert together.mean() == pytest.approx(apart.mean())
    assert np.quantile(together, 0.95) > 1.1 * np.quantile(apart, 0.95)
    # A simulation of two independent draws of the same quantile function.
    single = of_forecast(ds, quantiles, None).total[0]
    drawn = np.random.default_rng(1).choice(single, (2, 200_000)).sum(axis=0)
    for level in (0.5, 0.9, 0.99):
        assert np.quantile(apart, level) == pytest.approx(np.quantile(drawn, level), rel=0.05)


def test_a_shorter_term_is_cut_and_a_longer_one_repeats_the_last_week():
    demand = worlds.demand(np.arange(336.0))
    assert extended(demand, 100, worlds.STEADY, worlds.STEADY).total[:, 0].tolist() == list(
        range(100)
    )
    longer = extended(demand, 336 + 200, worlds.STEADY, worlds.STEADY)
    assert longer.total[336:, 5] == pytest.approx([*range(168, 336), *range(168, 200)])
    assert longer.ds[-1] == worlds.START + pd.Timedelta(hours=535)


def test_uncertainty_widens_around_the_same_mean():
    demand = worlds.demand(np.full(168, 10.0))
    longer = extended(demand, 168 * 41, LevelDrift(0.01, 0.0, "m"), worlds.STEADY).total
    assert longer.mean(axis=1) == pytest.approx(np.full(168 * 41, 10.0))
    spread = np.log(longer[[168, 168 * 21, 168 * 41 - 1]]).std(axis=1)
    assert spread == pytest.approx(np.sqrt(0.01 * np.array([0.5, 20.5, 40.5])), rel=0.1)


def test_growth_goes_on():
    demand = worlds.demand(np.full(168, 10.0))
    longer = extended(demand, 168 * 3, LevelDrift(0.0, 0.1, "m"), worlds.STEADY).total
    assert longer[-1].mean() > longer[168].mean() > 10.0


def test_less_than_a_week_cannot_repeat():
    with pytest.raises(ValueError, match="no week"):
        extended(worlds.demand(np.ones(100)), 200, worlds.STEADY, worlds.STEADY)

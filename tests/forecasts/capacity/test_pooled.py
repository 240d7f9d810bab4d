"""Demand pooled over a term, against a simulation."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from forecasts.capacity.pooled import pool
from forecasts.capacity.scenario import of_forecast
from forecasts.frames import QUANTILES

LEVELS = np.array(list(QUANTILES.values()))


def test_by_hand():
    demand = pool(np.array([[4.0, 1.0], [3.0, 2.0], [5.0, 9.0]]))
    assert demand.quantile(0.5) == 3.0
    assert demand.quantile(0.51) == 4.0
    assert demand.quantile(1.0) == 9.0
    assert demand.at_most(0.5) == 0.0
    assert demand.at_most(4.0) == pytest.approx(4 / 6)


def test_an_empty_term_is_an_error():
    with pytest.raises(ValueError, match="empty"):
        pool(np.empty((0, 3)))


def test_pooled_hours_are_those_of_a_simulation():
    """Normal hours around a daily wave: pooled quantiles of 256 points against a million draws."""
    centre = 60.0 + 30.0 * np.sin(2 * np.pi * np.arange(168) / 24)
    width = 0.08 * centre
    quantiles = centre[:, None] + width[:, None] * norm.ppf(LEVELS)[None, :]
    ds = pd.date_range("2026-06-01", periods=168, freq="h")
    pooled = pool(of_forecast(ds, quantiles, None).total)
    rng = np.random.default_rng(2)
    drawn = rng.normal(centre, width, (6000, 168))
    for level in (0.05, 0.35, 0.6, 0.9, 0.99):
        assert pooled.quantile(level) == pytest.approx(np.quantile(drawn, level), rel=0.01)
    # What one would get by pooling medians only is too narrow.
    assert np.quantile(centre, 0.99) < 0.95 * pooled.quantile(0.99)

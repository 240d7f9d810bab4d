"""The quantile function between, above and below the five that are published."""

import numpy as np
import pytest
from scipy.stats import expon, norm

from forecasts.frames import QUANTILES
from forecasts.quantile_function import hourly_values

LEVELS = np.array(list(QUANTILES.values()))


def test_a_normal_hour_is_exact_between_its_quantiles():
    quantiles = norm.ppf(LEVELS, 100.0, 5.0)[None, :]
    at = np.array([0.5, 0.6, 0.7, 0.85, 0.93, 0.97, 0.99])
    assert hourly_values(quantiles, at)[0] == pytest.approx(norm.ppf(at, 100.0, 5.0))


def test_below_the_median_small_spreads_mirror_as_differences():
    quantiles = norm.ppf(LEVELS, 100.0, 2.0)[None, :]
    at = np.array([0.05, 0.2, 0.4])
    assert hourly_values(quantiles, at)[0] == pytest.approx(norm.ppf(at, 100.0, 2.0), abs=0.12)


def test_what_is_as_likely_as_twice_the_median_is_half_of_it():
    quantiles = np.array([[10.0, 20.0, 25.0, 30.0, 40.0]])
    assert hourly_values(quantiles, np.array([0.2, 0.8]))[0] == pytest.approx([5.0, 20.0])


def test_the_tail_is_that_of_an_exponential():
    quantiles = expon.ppf(LEVELS)[None, :]
    at = np.array([0.995, 0.999])
    assert hourly_values(quantiles, at)[0] == pytest.approx(expon.ppf(at))


def test_any_hour_ascends_is_finite_and_not_negative():
    rng = np.random.default_rng(1)
    quantiles = np.sort(rng.exponential(5.0, (200, 5)) * rng.integers(0, 2, (200, 1)), axis=1)
    quantiles[:20, 0] = 0.0
    values = hourly_values(quantiles, np.array([1e-9, 0.1, 0.5, 0.7, 0.9, 0.999, 1 - 1e-12]))
    assert np.isfinite(values).all()
    assert (values >= 0.0).all()
    assert (np.diff(values, axis=1) >= -1e-9).all()


def test_a_level_outside_is_an_error():
    with pytest.raises(ValueError, match="between 0 and 1"):
        hourly_values(np.ones((1, 5)), np.array([1.0]))

import logging
import warnings

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forecasts import QUANTILES, ProphetForecaster
from tests.forecasts.series import hourly, planted

Q = list(QUANTILES)


def predict(y, horizon):
    return ProphetForecaster().fit_predict(hourly(y), horizon)


def test_recovers_a_planted_day_and_week():
    noise = np.random.default_rng(1).normal(0.0, 50.0, 1344)
    got = predict(planted(1344) + noise, 672)
    truth = planted(672, start=1344)
    error = np.abs(got["y_p50"].to_numpy() - truth).sum() / truth.sum()
    assert error < 0.03
    # 1.2816 standard deviations of 50 lie between the median and the 90 % quantile.
    width = (got["y_p90"] - got["y_p50"]).mean()
    assert width == pytest.approx(1.2816 * 50.0, rel=0.25)


def test_growth_is_carried_on_but_fades():
    growing = planted(1344) * np.linspace(1.0, 3.0, 1344)
    got = predict(growing, 672)["y_p50"].to_numpy()
    # Carried on for ever the last week would be at 3.9 times the planted wave.
    level = got[-168:].mean() / planted(168, start=1848).mean()
    assert 3.0 < level < 3.7


def test_same_input_same_output_and_the_global_generator_is_left_alone():
    y = planted(400) + np.random.default_rng(2).normal(0.0, 20.0, 400)
    np.random.seed(5)
    expected = np.random.random()
    np.random.seed(5)
    first = predict(y, 48)
    assert np.random.random() == expected
    assert first.equals(predict(y, 48))


def test_says_nothing(caplog, capfd):
    with warnings.catch_warnings(), caplog.at_level(logging.DEBUG):
        warnings.simplefilter("error")
        predict(planted(600), 24)
    assert not [r for r in caplog.records if r.name.split(".")[0] in {"cmdstanpy", "prophet"}]
    out, err = capfd.readouterr()
    assert out == err == ""


@pytest.mark.parametrize("y", [[0.0] * 2160, [4.0] * 100, [3.0]])
def test_a_constant_stays_constant(y):
    assert (predict(y, 24)[Q] == y[-1]).all(axis=None)


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.integers(2, 600),
    st.integers(0, 2**31),
    st.sampled_from(["bursts", "counts", "step", "gaps"]),
)
def test_always_finite_ordered_and_not_negative(hours, seed, kind):
    random = np.random.default_rng(seed)
    y = {
        "bursts": lambda: np.where(random.random(hours) < 0.05, random.lognormal(6, 3, hours), 0.0),
        "counts": lambda: random.poisson(2.0, hours).astype(float),
        "step": lambda: np.where(np.arange(hours) > hours * 0.8, 1e7, 1.0),
        "gaps": lambda: np.where(random.random(hours) < 0.5, np.nan, random.random(hours) * 100),
    }[kind]()
    y[-1] = 1.0
    values = predict(y, 336)[Q].to_numpy()
    assert np.isfinite(values).all()
    assert (values >= 0).all()
    assert (np.diff(values, axis=1) >= 0).all()

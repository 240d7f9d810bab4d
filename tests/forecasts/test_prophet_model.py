import logging
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forecasts import QUANTILES, Event, Events, ProphetDefault, ProphetForecaster, fit_predict
from forecasts.models.prophet import _seasons
from forecasts.models.prophet_map import fit
from tests.forecasts.series import noisy, one, panel, planted

Q = list(QUANTILES)


def predict(y, horizon):
    return fit_predict(ProphetForecaster(), one(y), horizon)


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


def test_the_mode_is_that_of_stan():
    """The second implementation: Prophet itself, with the same season and trend."""
    from forecasts.models.prophet_default import _import_prophet

    y = noisy(672, 1, noise=0.1) * np.linspace(1.0, 1.5, 672)
    frame = one(y)[["ds", "y"]]
    model = _import_prophet()(
        n_changepoints=6,
        changepoint_prior_scale=0.02,
        daily_seasonality=4,
        weekly_seasonality=3,
        yearly_seasonality=False,
        uncertainty_samples=0,
    )
    model.fit(frame, seed=1)
    theirs = model.predict(frame)["yhat"].to_numpy()
    seasons = _seasons(pd.DatetimeIndex(frame["ds"]))
    columns = np.concatenate([seasons["week"], seasons["day"]], axis=1)
    found = fit(y, columns, changepoints=6, prior=0.02, flat=False)
    ours = found.trend + columns @ found.seasonal
    assert np.abs(ours - theirs).max() < 0.01 * y.mean()


def test_an_event_gets_its_own_effect():
    y = planted(1344) + np.random.default_rng(3).normal(0.0, 20.0, 1344)
    ds = one(y)["ds"]
    sales = [Event("sale", ds[i], ds[i] + pd.Timedelta(hours=24)) for i in (400, 800, 1100)]
    for sale in sales:
        y[(ds >= sale.start) & (ds < sale.end)] *= 1.5
    start = ds.iloc[-1] + pd.Timedelta(hours=1)
    coming = Event("sale", start, start + pd.Timedelta(hours=24))
    told = ProphetForecaster(events=Events(events=(*sales, coming)))
    got = told.predict(panel({"a": y}), 48)[0, :, 0]
    plain = ProphetForecaster().predict(panel({"a": y}), 48)[0, :, 0]
    assert got[:24].mean() / plain[:24].mean() > 1.25
    assert got[24:].mean() == pytest.approx(plain[24:].mean(), rel=0.1)


def test_holidays_of_a_country_are_a_column():
    ds = pd.date_range("2024-07-03", periods=72, freq="h")
    assert Events(country="US").columns(ds)[:, 0].tolist() == [0.0] * 24 + [1.0] * 24 + [0.0] * 24


def test_a_country_without_known_holidays_is_named():
    ds = pd.date_range("2024-07-03", periods=24, freq="h")
    with pytest.raises(ValueError, match=r"'Atlantis'.*ISO 3166"):
        Events(country="Atlantis").columns(ds)
    assert Events(country="us").columns(ds).shape == (24, 1)


def test_default_prophet_leaves_the_global_generator_alone_and_says_nothing(caplog, capfd):
    np.random.seed(5)
    expected = np.random.random()
    np.random.seed(5)
    with warnings.catch_warnings(), caplog.at_level(logging.DEBUG):
        warnings.simplefilter("error")
        got = ProphetDefault().predict(panel({"a": planted(600)}), 24)
    assert np.random.random() == expected
    assert got.shape == (1, 24, 5)
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
    values = ProphetForecaster().predict(panel({"a": y}), 336)
    assert np.isfinite(values).all()
    assert (values >= 0).all()
    assert (np.diff(values, axis=2) >= 0).all()

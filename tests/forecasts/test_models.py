"""What every model promises, whatever the history."""

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forecasts import QUANTILES, LikeHours, ShapeLevel, fit_predict, named
from forecasts.models import default_forecasters
from forecasts.models.like_hours import like_hours_family
from tests.forecasts.series import END, bursty, history, noisy, panel, planted, wandering

MODELS = {
    model.name: model
    for model in (
        *default_forecasters(),
        *like_hours_family(),
        ShapeLevel(),
        *(named(name) for name in ("global_quantiles", "yesterday")),
    )
}
KINDS = {
    "bursts": bursty,
    "dead": lambda hours, seed: np.where(np.arange(hours) < hours // 3, 5.0, 0.0),
    "gaps": lambda hours, seed: np.where(
        np.random.default_rng(seed).random(hours) < 0.4, np.nan, noisy(hours, seed)
    ),
    "seasonal": noisy,
    "shifted": lambda hours, seed: (
        noisy(hours, seed) * (1.0 + 4.0 * (np.arange(hours) > hours * 0.8))
    ),
    "wandering": wandering,
    "weekdays": lambda hours, seed: noisy(hours, seed) * (np.arange(hours) // 24 % 7 < 5),
    "zero": lambda hours, seed: np.zeros(hours),
}


def company(seed=0):
    """Series of all kinds and ages."""
    ages = dict(zip(KINDS, (700, 900, 500, 1000, 840, 600, 400, 300), strict=True))
    series = {kind: make(ages[kind], seed) for kind, make in KINDS.items()}
    return series | {"new": noisy(30, seed), "one": [3.0], "constant": np.full(400, 7.0)}


@pytest.fixture(scope="module")
def whole():
    return panel(company())


@pytest.fixture(scope="module")
def answers(whole):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return {name: model.predict(whole, 200) for name, model in MODELS.items()}


@pytest.mark.parametrize("name", MODELS)
def test_finite_ordered_and_not_negative(answers, whole, name):
    got = answers[name]
    assert got.shape == (len(whole.ids), 200, len(QUANTILES))
    assert np.isfinite(got).all()
    assert (got >= 0.0).all()
    assert (np.diff(got, axis=2) >= 0.0).all()


@pytest.mark.parametrize("name", MODELS)
def test_same_input_same_output(answers, whole, name):
    assert (MODELS[name].predict(whole, 200) == answers[name]).all()


@pytest.mark.parametrize("name", MODELS)
def test_scale_goes_through(answers, name):
    scaled = panel({kind: np.asarray(y) * 1024.0 for kind, y in company().items()})
    got = MODELS[name].predict(scaled, 200)
    assert got == pytest.approx(1024.0 * answers[name], rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("name", MODELS)
def test_order_of_rows_and_what_follows_do_not_matter(name):
    frame = history({kind: y for kind, y in company().items() if kind != "new"})
    ahead = frame.assign(ds=frame["ds"] + pd.Timedelta(days=60), y=1e9)
    mixed = pd.concat([ahead, frame.sample(frac=1.0, random_state=3)])
    past = mixed[mixed["ds"] <= END]
    first = fit_predict(MODELS[name], frame, 30)
    pd.testing.assert_frame_equal(first, fit_predict(MODELS[name], past, 30))


@pytest.mark.parametrize("name", ["like_hours", "seasonal_naive", "shape_level", "yesterday"])
def test_a_series_alone_is_what_it_is_among_others(answers, whole, name):
    row = whole.ids.index("seasonal")
    alone = MODELS[name].predict(whole.take([row]), 200)
    assert alone[0] == pytest.approx(answers[name][row], rel=1e-9)


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.one_of(st.just(float("nan")), st.floats(0, 1e9)), min_size=1, max_size=400).filter(
        lambda y: not np.isnan(y).all()
    ),
    st.integers(1, 200),
    st.sampled_from(["like_hours", "like_hours_flat", "like_hours_level", "shape_level"]),
)
def test_any_history_has_an_answer(y, horizon, name):
    got = MODELS[name].predict(panel({"a": y}), horizon)
    assert got.shape == (1, horizon, 5)
    assert np.isfinite(got).all()
    assert (got >= 0.0).all()
    assert (np.diff(got, axis=2) >= 0.0).all()


def test_like_hours_one_hour_at_a_time():
    """The second implementation: one hour ahead, one sorted list of weighted hours."""
    y = np.random.default_rng(7).gamma(1.0, 50.0, 700)  # no season: its shape stays in
    y[np.random.default_rng(8).random(700) < 0.2] = np.nan
    whole = panel({"a": y})
    got = LikeHours().predict(whole, 168, (0.5, 0.9, 0.99))[0]
    for ahead, ds in enumerate(whole.future(168)):
        hour = np.abs(np.asarray(whole.ds.hour) - ds.hour)
        hour = np.minimum(hour, 24 - hour)
        day = np.asarray(whole.ds.dayofweek)
        like = np.where((day >= 5) == (ds.dayofweek >= 5), 0.6, 0.1)
        weight = np.exp(-0.5 * (hour / 0.8) ** 2) * np.where(day == ds.dayofweek, 1.0, like)
        weight *= 0.5 ** (np.arange(700)[::-1] / 336.0)
        used = (hour <= 2) & ~np.isnan(y)
        order = np.argsort(y[used])
        share = weight[used][order] / weight[used].sum()
        expected = np.interp([0.5, 0.9, 0.99], np.cumsum(share) - share / 2, y[used][order])
        assert got[ahead] == pytest.approx(expected, rel=1e-3)


def test_two_like_hours_by_hand():
    # Hours of weights 1 and 1/2 stand at the middles of their shares: 10 at 1/6, 20 at 2/3.
    y = np.full(25, np.nan)
    y[0], y[24] = 10.0, 20.0
    model = LikeHours(half_life=24.0, like_day=1.0, other_day=1.0)
    got = model.predict(panel({"a": y}), 24, (0.05, 5.0 / 12.0, 0.9))[0, 23]
    assert got == pytest.approx([10.0, 15.0, 20.0])


def test_like_hours_move_to_the_present_level():
    y = planted(1008)
    y[-120:] *= 4.0
    truth = planted(168, start=1008) * 4.0
    error = {}
    for model in (LikeHours(), LikeHours(level_hours=72)):
        got = model.predict(panel({"a": y}), 168, (0.5,))[0, :, 0]
        error[model.level_hours] = np.abs(got - truth).sum() / truth.sum()
    assert error[72] < 0.2 < error[0]


def test_shape_level_finds_planted_shape_and_level():
    y = noisy(1344, 3, noise=0.1)
    got = ShapeLevel().predict(panel({"a": y}), 168, (0.5, 0.9))[0]
    truth = planted(168, start=1344)
    assert np.abs(got[:, 0] - truth).sum() / truth.sum() < 0.06
    # A log-normal of 0.1: its 90 % quantile lies 13.7 % above the median.
    assert (got[:, 1] / got[:, 0]).mean() == pytest.approx(1.137, abs=0.04)


def test_unknown_names_are_told():
    with pytest.raises(KeyError, match="prophet_default"):
        named("nobody")

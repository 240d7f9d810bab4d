import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasts import QUANTILES, SeasonalNaive, fit_predict
from tests.forecasts.series import END, one, panel

Q = list(QUANTILES)


def predict(y, horizon):
    return fit_predict(SeasonalNaive(), one(y), horizon)


def test_daily_quantiles_by_hand():
    # Two days; only hour 0 differs, by 4. Differences both ways: one -4, 46 zeros, one +4.
    # The 99 % quantile lies at 0.99 x 47 = 46.53, so 0.53 of the way from 0 to 4.
    day = np.full(24, 10.0)
    second = day.copy()
    second[0] = 14.0
    got = predict(np.concatenate([day, second]), 25)
    assert got.loc[0, Q].tolist() == pytest.approx([14.0, 14.0, 14.0, 14.0, 16.12])
    assert got.loc[1, Q].tolist() == pytest.approx([10.0, 10.0, 10.0, 10.0, 12.12])
    assert got.loc[24, Q].tolist() == got.loc[0, Q].tolist()
    assert got["ds"].iloc[0] == END + pd.Timedelta(hours=1)


def test_two_weeks_repeat_the_last_week():
    # Each hour rose by 10: half of the differences are -10, half are +10.
    week = np.arange(168.0)
    got = predict(np.concatenate([week, week + 10.0]), 168)
    assert got["y_p50"].tolist() == pytest.approx((week + 10.0).tolist())
    for level in Q[1:]:
        assert got[level].tolist() == pytest.approx((week + 20.0).tolist())


def test_a_horizon_of_two_seasons_uses_differences_two_seasons_apart():
    # Daily levels 0, 1, 2, 3 (every hour): one day apart differs by 1, two days apart by 2.
    got = predict(np.repeat(np.arange(4.0), 24), 48)
    assert set(got["y_p99"].iloc[:24]) == {4.0}
    assert set(got["y_p99"].iloc[24:]) == {5.0}


def test_an_unknown_hour_falls_back_to_an_older_season():
    y = np.concatenate([np.full(24, 7.0), np.full(24, 9.0)])
    y[-2] = np.nan
    assert predict(y, 24)["y_p50"].tolist() == [9.0] * 22 + [7.0, 9.0]


@pytest.mark.parametrize("y", [[3.0], [5.0] * 500, [0.0] * 2160])
def test_no_differences_give_no_spread(y):
    got = predict(y, 30)
    assert (got[Q] == y[-1]).all(axis=None)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.one_of(st.just(float("nan")), st.floats(0, 1e9)), min_size=1, max_size=400).filter(
        lambda y: not np.isnan(y).all()
    ),
    st.integers(1, 400),
)
def test_always_finite_ordered_and_not_negative(y, horizon):
    values = SeasonalNaive().predict(panel({"a": y}), horizon)[0]
    assert values.shape == (horizon, 5)
    assert np.isfinite(values).all()
    assert (values >= 0).all()
    assert (np.diff(values, axis=1) >= 0).all()

import numpy as np
import pytest

from forecasts.coldstart import completed
from forecasts.models import Combination, LikeHours
from forecasts.models.combination import default_combination
from tests.forecasts.series import bursty, noisy, panel, planted

HOURS = 35 * 24


def company(new):
    """Three old series with the planted shape, one without a shape, and a new one."""
    old = {f"old{n}": noisy(HOURS, n, noise=0.05) * 10.0**n for n in range(3)}
    return panel(old | {"bursts": bursty(HOURS, 9), "new": new})


def error(model, hours):
    new = planted(HOURS)[-hours:] * 0.03
    whole = company(new)
    truth = planted(168, start=HOURS) * 0.03
    got = model.predict(whole, 168, (0.5,))[whole.ids.index("new"), :, 0]
    return np.abs(got - truth).sum() / truth.sum()


@pytest.mark.parametrize("hours", [6, 30, 60, 120])
def test_a_new_series_takes_the_shape_of_its_like_at_its_own_level(hours):
    lent = Combination(members=(LikeHours(),))
    assert error(lent, hours) < 0.15
    assert error(lent, hours) < 0.9 * error(LikeHours(), hours)


def test_planned_traffic_moves_the_level():
    whole = company(planted(HOURS)[-12:] * 0.03)
    row = whole.ids.index("new")
    alone = np.nanmean(completed(whole).y[row, :-12])
    planned = np.nanmean(completed(whole, {"new": 300.0}).y[row, :-12])
    assert alone == pytest.approx(30.0, rel=0.15)
    # Twelve hours of 30 and seventy-two of 300.
    assert planned == pytest.approx((12 * 30.0 + 72 * 300.0) / 84, rel=0.15)


def test_nobody_to_learn_from_changes_nothing():
    alone = panel({"new": planted(60), "newer": planted(30)})
    assert completed(alone) is alone
    old = company(planted(HOURS))
    assert completed(old) is old


def test_one_hour_is_enough_for_the_shipped_model():
    whole = company([25.0])
    got = default_combination().predict(whole, 48)[whole.ids.index("new")]
    assert np.isfinite(got).all()
    assert 10.0 < got[:, 0].mean() < 60.0

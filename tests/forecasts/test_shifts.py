import numpy as np
import pytest

from forecasts.shifts import find_shifts, levelled
from tests.forecasts.series import noisy, panel, wandering

HOURS = 60 * 24


def since(y):
    return int(find_shifts(panel({"a": y})).hours[0])


@pytest.mark.parametrize("days", [3, 7, 15, 25])
@pytest.mark.parametrize("factor", [2.0, 0.4])
def test_a_planted_shift_is_found_to_the_day(days, factor):
    y = noisy(HOURS, seed=days)
    y[-days * 24 :] *= factor
    assert since(y) == pytest.approx(days * 24, abs=24)


@pytest.mark.parametrize("seed", range(20))
def test_noise_and_seasons_are_no_shift(seed):
    assert since(noisy(HOURS, seed)) == HOURS


def test_most_wandering_levels_are_no_shift():
    found = [since(wandering(HOURS, seed)) < HOURS for seed in range(30)]
    assert np.mean(found) < 0.5


def test_zero_weekends_are_no_shift():
    # The panel ends on a Sunday: the newest two days are zero, as two days of each week are.
    y = noisy(HOURS, 3)
    day = np.arange(HOURS) // 24
    y[(day[-1] - day) % 7 <= 1] = 0.0
    assert since(y) == HOURS


def test_an_outage_of_a_day_is_no_shift_and_neither_is_its_end():
    y = noisy(HOURS, 4)
    y[-24:] = 0.0
    assert since(y) == HOURS
    y = noisy(HOURS, 4)
    y[-72:-40] = 0.0
    assert since(y) == HOURS


def test_gaps_do_not_hide_a_shift():
    y = noisy(HOURS, 5)
    y[-240:] *= 3.0
    y[np.arange(HOURS) % 11 < 4] = np.nan
    assert since(y) == pytest.approx(240, abs=24)


def test_scale_does_not_matter():
    y = noisy(HOURS, 6)
    y[-100:] *= 3.0
    assert since(y) == since(y * 1e-6) == since(y * 1e6)


def test_short_histories_have_no_shift():
    assert since([3.0]) == 1
    assert since(np.r_[np.ones(48), np.full(48, 9.0)]) == 96


def test_the_past_is_moved_to_the_present_level():
    y = noisy(HOURS, 7)
    shifted = y.copy()
    shifted[-240:] *= 3.0
    got = levelled(panel({"a": shifted, "b": y}))
    assert got.y[0] == pytest.approx(y * 3.0, rel=0.25)
    assert (got.y[1] == y).all()


def test_a_fall_to_nothing_leaves_the_past():
    y = noisy(HOURS, 8)
    y[-96:] = 0.0
    assert (levelled(panel({"a": y})).y[0] == y).all()

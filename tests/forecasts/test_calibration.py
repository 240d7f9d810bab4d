import numpy as np
import pytest

from forecasts.calibration import Turned, new_levels, widened, width_factors, with_new_levels
from forecasts.models import Combination, LikeHours
from tests.forecasts.series import bursty, noisy, panel, wandering

LEVELS = (0.05, 0.5, 0.9, 0.95)
NORMAL = np.array([-1.6449, 0.0, 1.2816, 1.6449])


def turned(spread, series=30, hours=168, folds=4, seed=0):
    """Forecasts of a normal around 100 with width 10, and demand whose width is `spread` x 10."""
    random = np.random.default_rng(seed)
    quantiles = np.broadcast_to(100.0 + 10.0 * NORMAL, (series, hours, 4))
    actual = [100.0 + 10.0 * spread * random.normal(size=(series, hours)) for _ in range(folds)]
    return [Turned(np.arange(series), quantiles, y) for y in actual]


def test_widths_learn_what_they_lacked():
    factors = width_factors(turned(1.5, series=200), LEVELS, 200)
    assert factors[:, :, [0, 2, 3]] == pytest.approx(1.5, rel=0.15)
    assert factors.mean(axis=0)[:, [0, 2, 3]] == pytest.approx(1.5, rel=0.05)
    assert (factors[:, :, 1] == 1.0).all()


def test_little_evidence_moves_little():
    one = width_factors(turned(1.5, series=1, folds=1), LEVELS, 1)
    assert 1.0 < one[0, 0, 3] < 1.15
    assert (width_factors([], LEVELS, 3) == 1.0).all()


def test_a_series_that_errs_more_than_the_others_gets_more():
    past = turned(1.0)
    for fold in past:
        fold.actual[7] = 100.0 + 3.0 * (fold.actual[7] - 100.0)
    factors = width_factors(past, LEVELS, 30)[:, 1, 3]
    assert factors[7] > 1.3
    assert np.delete(factors, 7).max() < 1.15


def test_recent_folds_weigh_more():
    old_then_new = turned(1.0, folds=3) + turned(2.0, folds=3, seed=1)
    new_then_old = turned(2.0, folds=3, seed=1) + turned(1.0, folds=3)
    recent = width_factors(old_then_new, LEVELS, 30)[:, 1, 3].mean()
    assert recent > width_factors(new_then_old, LEVELS, 30)[:, 1, 3].mean()


def test_units_do_not_matter():
    past = turned(1.5)
    larger = [Turned(t.rows, t.quantiles * 1e6, t.actual * 1e6) for t in past]
    assert width_factors(larger, LEVELS, 30) == pytest.approx(width_factors(past, LEVELS, 30))


def test_widened_keeps_the_median_the_order_and_the_floor():
    quantiles = np.tile([1.0, 4.0, 5.0, 8.0], (2, 30, 1))
    factors = np.full((2, 2, 4), 2.0)
    factors[:, 1] = 1.0
    got = widened(quantiles, factors, LEVELS)
    assert got[0, 0].tolist() == [0.0, 4.0, 6.0, 12.0]
    assert got[0, 24].tolist() == [1.0, 4.0, 5.0, 8.0]
    # A factor that would let the 95 % quantile fall below the 90 % one cannot.
    crossing = np.full((2, 2, 4), 1.0)
    crossing[:, :, 3] = 0.1
    assert widened(quantiles, crossing, LEVELS)[0, 0].tolist() == [1.0, 4.0, 5.0, 5.0]


def test_young_and_restless_series_go_farther():
    calm, days = np.full(2 * 168, 50.0), np.repeat([1.0, 4.0] * 7, 24)
    whole = panel({"calm": calm, "restless": 25.0 * days, "young": calm[:168]})
    calm, restless, young = new_levels(whole, whole)
    # 14 days without any spread and 2 of one half each: sqrt(2 x 0.25 / 16), twice that in a week.
    assert calm == pytest.approx(0.1768 * 2 / 2, rel=1e-3)
    assert young == pytest.approx(np.sqrt(0.5 / 9) * 2, rel=1e-3)
    # 25 and 100 with a twentieth of the median day, 62.5, added: logarithms 1.30 apart.
    assert restless == pytest.approx(np.sqrt((14 * 0.65**2 + 0.5) / 16) * 2 / 2, rel=0.01)


def test_levels_not_seen_widen_what_was_seen():
    quantiles = np.tile(100.0 + 40.0 * NORMAL, (2, 24, 1))
    wide, same = with_new_levels(quantiles, np.array([0.3, 0.0]), LEVELS)
    # 40 of the hours and 30 of the level: 50 together.
    assert wide == pytest.approx(np.tile(100.0 + 50.0 * NORMAL, (24, 1)), abs=0.02)
    assert same == pytest.approx(quantiles[0], rel=1e-9)


def test_a_silent_series_has_no_new_level_to_go_to():
    quantiles = np.zeros((1, 24, 4))
    quantiles[:, :, 3] = 2.0
    assert (with_new_levels(quantiles, np.array([1.0]), LEVELS) == quantiles).all()


PLANTED = {
    "heteroscedastic": lambda seed: noisy(1344 + 168, seed, noise=0.4),
    "shifted": lambda seed: np.r_[
        noisy(1344 - 240, seed), 2.5 * noisy(240 + 168, seed, start=1104)
    ],
    "wandering": lambda seed: wandering(1344 + 168, seed),
    "bursts": lambda seed: bursty(1344 + 168, seed),
}


@pytest.mark.parametrize("kind", PLANTED)
def test_coverage_of_planted_series(kind):
    """Ninety-five of a hundred hours, give or take what 30 series may: also after a shift."""
    series = {f"s{n:02d}": PLANTED[kind](n) for n in range(30)}
    whole = panel(series)
    past = whole.before(168)
    got = Combination(members=(LikeHours(), LikeHours(level_hours=72))).predict(past, 168, LEVELS)
    actual = whole.y[:, -168:]
    # Eight weeks are young: widths are generous.
    assert 0.92 <= (actual <= got[:, :, 3]).mean() <= 0.996
    inside = (actual <= got[:, :, 3]) & (actual >= got[:, :, 0])
    # Half of the bursty hours lie at a few requests: the lower end is a tie.
    assert inside.mean() >= (0.75 if kind == "bursts" else 0.85)

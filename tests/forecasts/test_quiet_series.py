import numpy as np
import pytest

from forecasts.frames import LEVELS
from forecasts.quiet import find_quiet, predict_quiet
from tests.forecasts.series import noisy, panel

HOURS = 40 * 24


def dead(hours):
    y = noisy(HOURS, 1)
    y[-hours:] = 0.0
    return y


def predict(series, horizon=168):
    whole = panel(series)
    quiet = find_quiet(whole)
    return quiet, predict_quiet(whole, quiet, horizon, LEVELS)


def test_who_is_quiet():
    weekly = np.zeros(HOURS)
    weekly[::140] = 5.0  # a batch every 140 hours, the last one eleven days ago
    weekly[-240:] = 0.0
    series = {
        "alive": noisy(HOURS, 2),
        "batch": weekly,
        "constant": np.full(HOURS, 8.0),
        "dead": dead(240),
        "never": np.zeros(HOURS),
        "pause": dead(100),
        "unknown": np.r_[noisy(HOURS - 240, 3), np.full(240, np.nan)],
        "young": [3.0, 3.0],
    }
    quiet, _ = predict(series)
    names = np.array(sorted(series))
    assert names[quiet.dead].tolist() == ["dead", "never"]
    assert names[quiet.constant].tolist() == ["constant"]
    assert names[quiet.active].tolist() == ["alive", "batch", "pause", "unknown", "young"]


def test_a_constant_stays():
    _, got = predict({"a": np.full(HOURS, 8.0)})
    assert (got == 8.0).all()


def test_what_never_was_stays_nothing():
    _, got = predict({"a": np.zeros(HOURS)})
    assert (got == 0.0).all()


def test_a_dead_series_is_zero_with_an_honest_tail():
    _, got = predict({"a": dead(240)}, horizon=672)
    assert (got[0, :, :4] == 0.0).all()
    # One series, never seen to come back: 1 / (0 + 1 + 20), times h / (240 + h) after h hours.
    chance = 672 / (240 + 672) / 21
    alive = dead(240)[:-240]
    share = 1.0 - 0.01 / chance
    assert got[0, -1, 4] == pytest.approx(np.quantile(alive, share))
    assert got[0, 0, 4] == 0.0


def test_silences_that_ended_make_the_tail_heavier():
    back = noisy(HOURS, 5)
    back[300:500] = 0.0
    _, alone = predict({"a": dead(500)})
    _, seen = predict({"a": dead(500)} | {f"b{n}": back for n in range(6)})
    assert seen[0, -1, 4] > alone[0, -1, 4]
    assert (seen[0, :, 0] == 0.0).all()

import numpy as np
import pytest

from forecasts.selection import choose

NAMES = ("naive", "rival", "combination")


def chosen(losses):
    return choose(np.asarray(losses, dtype=np.float64), NAMES, "combination")


def test_clearly_better_in_every_fold_replaces_the_default():
    got = chosen([[[9.0]] * 4, [[5.0], [5.2], [4.9], [5.1]], [[8.0], [8.1], [7.9], [8.2]]])
    assert got.models == ("rival",)
    # The mean log ratio of 5/8, 5.2/8.1, 4.9/7.9 and 5.1/8.2 is -0.466: a saving of 37 %.
    assert got.reasons == ("lower loss than combination in 4 of 4 folds, by 37% on average",)


@pytest.mark.parametrize(
    "rival",
    [
        [7.9, 7.9, 7.9, 7.9],  # better, not by enough
        [1.0, 1.0, 1.0, 8.1],  # lost one fold
        [0.5, 7.9, 7.9, 7.9],  # one lucky week
    ],
)
def test_anything_less_does_not(rival):
    got = chosen([[[9.0]] * 4, [[loss] for loss in rival], [[8.0]] * 4])
    assert got.models == ("combination",)
    assert got.reasons == ("default: no rival clearly better over 4 folds",)


def test_two_folds_are_too_few():
    got = chosen([[[9.0]] * 2, [[1.0]] * 2, [[8.0]] * 2])
    assert got.models == ("combination",)
    assert got.reasons == ("default: 2 backtest folds, fewer than 3",)


def test_unmeasured_folds_and_perfect_forecasts():
    nan = np.nan
    got = chosen(
        [
            [[0.0, nan], [0.0, nan], [0.0, nan]],
            [[3.0, nan], [3.0, nan], [3.0, nan]],
            [[3.0, nan], [3.0, nan], [3.0, nan]],
        ]
    )
    assert got.models == ("naive", "combination")
    assert got.reasons[1].startswith("default: 0 backtest folds")


def test_luck_is_seldom_mistaken_for_skill():
    """Planted truth: the default is as good as its best rival in all 400 series."""
    random = np.random.default_rng(1)
    losses = np.exp(random.normal(0.0, 0.25, (5, 4, 400)))
    names = [f"m{n}" for n in range(5)]
    default = choose(losses, names, "m4").models
    # The lowest mean loss would be another model's in 80 % of the series.
    assert np.mean([name != "m4" for name in default]) < 0.03


def test_skill_is_seldom_missed():
    random = np.random.default_rng(2)
    losses = np.exp(random.normal(0.0, 0.15, (2, 4, 400)))
    losses[0] *= 0.5
    got = choose(losses, ["better", "default"], "default").models
    assert np.mean([name == "better" for name in got]) > 0.8


def test_an_unknown_default_is_an_error():
    with pytest.raises(ValueError, match="combination"):
        choose(np.ones((2, 3, 1)), ["a", "b"], "combination")

"""Ratios worked by hand, and intervals that hold the truth as often as they say."""

import numpy as np
import pandas as pd
import pytest

from benchmarks.forecasts.significance import ratio
from benchmarks.forecasts.table import by_family, by_series, targets


def rows(errors: dict[str, np.ndarray], demand: float = 100.0, family: str = "f") -> pd.DataFrame:
    """Errors (series, cutoffs) per model."""
    frames = []
    for model, values in errors.items():
        for (series, cutoff), error in np.ndenumerate(values):
            sums = dict.fromkeys(
                ("hours", "demand", "naive_error", "clairvoyant_cost"), demand
            ) | dict.fromkeys(
                (
                    "absolute_error",
                    "pinball",
                    "pinball_99",
                    "excess_cost",
                    "below_p90",
                    "below_p95",
                ),
                float(error),
            )
            keys = {
                "family": family,
                "unique_id": f"s{series}",
                "cutoff": pd.Timestamp("2024-01-01") + pd.Timedelta(days=cutoff),
                "model": model,
            }
            frames.append(keys | sums)
    return pd.DataFrame(frames)


def test_cutoffs_pool_series_average_families_multiply():
    one = rows({"a": np.array([[10.0, 30.0], [40.0, 40.0]]), "b": np.full((2, 2), 60.0)})
    two = rows({"a": np.array([[90.0]]), "b": np.array([[45.0]])}, family="g")
    scores = pd.concat([one, two])
    assert by_series(scores).query("model == 'a'")["wape"].tolist() == [0.2, 0.4, 0.9]
    assert by_family(scores).query("model == 'a'")["wape"].tolist() == pytest.approx([0.3, 0.9])
    # 0.3 / 0.6 and 0.9 / 0.45.
    found = ratio(scores, "wape", "a", "b")
    assert found.value == pytest.approx(np.sqrt(0.5 * 2.0))
    assert found.low < found.value < found.high


def test_a_model_against_itself_is_one():
    scores = rows({"a": np.random.default_rng(1).gamma(2.0, 5.0, (5, 4))})
    found = ratio(scores, "wape", "a", "a")
    assert (found.value, found.low, found.high) == (1.0, 1.0, 1.0)


def test_a_series_without_demand_does_not_count():
    scores = pd.concat(
        [
            rows({"a": np.array([[10.0]]), "b": np.array([[20.0]])}),
            rows({"a": np.array([[5.0]]), "b": np.array([[0.0]])}, demand=0.0).assign(
                unique_id="dead"
            ),
        ]
    )
    assert ratio(scores, "wape", "a", "b").value == pytest.approx(0.5)


def test_only_common_folds_count():
    scores = rows({"a": np.array([[10.0, 90.0]]), "b": np.array([[20.0, 1.0]])})
    scores = scores.drop(scores[(scores["model"] == "b")].index[1])
    assert ratio(scores, "wape", "a", "b").value == pytest.approx(0.5)


def test_the_interval_covers():
    """Two equal models: about 95 of 100 intervals hold 1; few series make it a little fewer."""
    held = 0
    for seed in range(100):
        draw = np.random.default_rng(seed)
        errors = {name: draw.gamma(4.0, 5.0, (12, 6)) for name in "ab"}
        found = ratio(rows(errors), "wape", "a", "b", replicates=400)
        held += found.low <= 1.0 <= found.high
    assert held >= 90


def test_a_clear_difference_is_seen():
    draw = np.random.default_rng(3)
    base = draw.gamma(4.0, 5.0, (8, 4))
    found = ratio(
        rows({"a": 0.7 * base, "b": base * draw.uniform(0.9, 1.1, base.shape)}), "wape", "a", "b"
    )
    assert found.high < 0.8
    assert found.better == 1.0


def test_targets_name_what_was_measured():
    names = ("shipped", "seasonal_naive", "prophet_default")
    errors = {name: np.full((2, 2), 10.0 * (number + 1)) for number, name in enumerate(names)}
    found = {one.what: one for one in targets(rows(errors))}
    assert found["wape / seasonal_naive"].value == pytest.approx(0.5)
    assert found["wape / seasonal_naive"].met
    assert found["pinball / prophet_default"].value == pytest.approx(1 / 3)
    assert not found["coverage p95, worst series"].met
    assert targets(rows({"shipped": errors["shipped"]})) == []

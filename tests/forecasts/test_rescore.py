"""A past hour is scored as a backtest at that hour would have been, from what was known then."""

import numpy as np
import pandas as pd
import pytest
from series import END, hourly, planted

from forecasts import metrics
from forecasts.frames import BACKTEST_COLUMNS, HOUR
from forecasts.rescore import rescore

HOURS, AHEAD = 24 * 24, 48
CUTOFF = END - AHEAD * HOUR


def history(**series: np.ndarray) -> pd.DataFrame:
    frames = [hourly(y).assign(unique_id=name, measure="requests") for name, y in series.items()]
    return pd.concat(frames, ignore_index=True)


@pytest.fixture(scope="module")
def noisy():
    noise = np.random.default_rng(3).normal(0, 50, HOURS)
    return history(a=np.maximum(planted(HOURS) + noise, 0), b=planted(HOURS) * 2)


def test_the_naive_figures_are_those_worked_out_by_hand(noisy):
    scored = rescore(noisy, CUTOFF)
    assert list(scored.columns) == list(BACKTEST_COLUMNS)
    rows = scored.query("unique_id == 'a' and model == 'seasonal_naive'")
    assert list(rows["horizon_bucket"]) == ["001-024h", "025-168h"]
    assert set(scored["cutoff"]) == {CUTOFF} and set(scored["created_at"]) == {END}
    y = noisy.query("unique_id == 'a'")["y"].to_numpy()
    day = slice(HOURS - AHEAD, HOURS - AHEAD + 24)
    week_before = slice(HOURS - AHEAD - 168, HOURS - AHEAD - 168 + 24)
    by_hand = np.abs(y[day] - y[week_before]).sum() / y[day].sum()
    assert rows["wape"].iloc[0] == pytest.approx(by_hand)
    assert metrics.skill(1.0, 1.0) == rows["skill_vs_seasonal_naive"].iloc[0] == 0.0


def test_what_came_after_changes_no_forecast_only_its_score(noisy):
    later = noisy["ds"] > CUTOFF
    doubled = noisy.assign(y=noisy["y"].where(~later, noisy["y"] * 2))
    was, now = (rescore(rows, CUTOFF).set_index(["unique_id", "model", "horizon_bucket"])
                for rows in (noisy, doubled))  # fmt: skip
    # for b, without noise, naive is right; of twice the demand it misses half
    key = ("b", "seasonal_naive", "001-024h")
    assert was.loc[key, "wape"] == pytest.approx(0.0, abs=1e-9)
    assert now.loc[key, "wape"] == pytest.approx(0.5)


def test_a_series_that_began_later_is_left_out(noisy):
    young = hourly(planted(24)).assign(unique_id="young", measure="requests")
    scored = rescore(pd.concat([noisy, young]), CUTOFF)
    assert set(scored["unique_id"]) == {"a", "b"}


@pytest.mark.parametrize(
    ("cutoff", "said"),
    [(END, "nothing to compare with"), (END - HOURS * HOUR, "no demand is known")],
)
def test_an_hour_that_cannot_be_scored_is_refused(noisy, cutoff, said):
    with pytest.raises(ValueError, match=said):
        rescore(noisy, cutoff)

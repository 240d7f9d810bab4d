"""BurstGPT's API stream (Wang et al., KDD 2025, CC BY 4.0): bursts without a season."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from forecasts.bursts import burst_probabilities, burst_risk, fit_bursts
from forecasts.event_scores import brier, log_score
from forecasts.frames import QUANTILES
from forecasts.panel import Panel, to_panel

SOURCE = Path(__file__).parents[2] / "../shared/data/burstgpt-hourly/burstgpt_hourly_d00-44.csv"
#: Day 0 is probably a Wednesday.
START = pd.Timestamp("2024-01-03")
DAYS = 45
FIRST_CUTOFF = 14

pytestmark = pytest.mark.skipif(
    not SOURCE.is_file(), reason=f"real data not here: {SOURCE} does not exist"
)


@pytest.fixture(scope="module")
def panel() -> Panel:
    wide = pd.read_csv(SOURCE)
    wide["ds"] = START + pd.to_timedelta(wide["day"] * 24 + wide["hour"], unit="h")
    streams = ["requests_conversation", "requests_api"]
    return to_panel(wide.melt("ds", streams, "unique_id", "y"), wide["ds"].max())


@pytest.fixture(scope="module")
def days(panel) -> pd.DataFrame:
    """Every day from the 15th on, forecast one to seven days before."""
    rows = []
    for cutoff in range(FIRST_CUTOFF, DAYS - 7):
        past = panel.before((DAYS - cutoff) * 24)
        process = fit_bursts(past, 168)
        said = burst_probabilities(process)
        future = panel.y[:, cutoff * 24 : (cutoff + 7) * 24]
        came = (future > process.season.ahead).reshape(2, 7, 24).any(axis=2)
        known = process.season.threshold.reshape(2, -1, 24)
        burst = (process.season.y.reshape(2, -1, 24) > known).any(axis=2)
        exposed = (~np.isnan(known)).any(axis=2)
        constant = (burst.sum(axis=1) + 0.5) / (exposed.sum(axis=1) + 1.0)
        for row, name in enumerate(panel.ids):
            for ahead in range(7):
                rows.append(
                    {
                        "unique_id": name,
                        "ahead": ahead + 1,
                        "happened": came[row, ahead],
                        "said": said[row, ahead],
                        "constant": constant[row],
                    }
                )
    return pd.DataFrame(rows)


def test_the_api_stream_bursts_and_the_conversations_hardly_do(panel, days):
    shares = days.groupby("unique_id")["happened"].mean()
    assert 0.2 < shares["requests_api"] < 0.8
    assert shares["requests_conversation"] < 0.2


def test_days_with_bursts_are_told_better_than_by_a_constant_rate(days, capsys):
    api = days[days["unique_id"] == "requests_api"]
    happened = api["happened"].to_numpy()
    ours = brier(happened, api["said"].to_numpy()), log_score(happened, api["said"].to_numpy())
    constant = (
        brier(happened, api["constant"].to_numpy()),
        log_score(happened, api["constant"].to_numpy()),
    )
    with capsys.disabled():
        sys.stdout.write(
            f"\nBurstGPT API, {len(api)} days ahead: Brier {ours[0]:.3f}, constant rate "
            f"{constant[0]:.3f}; log score {ours[1]:.3f}, constant rate {constant[1]:.3f}\n"
        )
    assert ours[0] < 1.02 * constant[0]
    assert ours[1] < 1.02 * constant[1]


def test_the_peaks_hold(panel):
    """Daily peaks of the weeks after four cutoffs, over a forecast that knows the level only."""
    held = []
    for cutoff in (17, 24, 31, 38):
        past = panel.before((DAYS - cutoff) * 24)
        weeks = past.y[:, -14 * 24 :]
        levels = np.quantile(weeks, list(QUANTILES.values()), axis=1).T
        said = burst_risk(past, np.repeat(levels[:, None, :], 168, axis=1), "requests")
        future = panel.y[:, cutoff * 24 : (cutoff + 7) * 24].reshape(2, 7, 24).max(axis=2)
        held.append(future.ravel() <= said["peak_p95"].to_numpy())
    assert 0.75 <= np.mean(held) <= 1.0

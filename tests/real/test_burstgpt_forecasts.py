"""BurstGPT (Wang et al., KDD 2025, CC BY 4.0): 45 days of hourly requests of a real service."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from forecasts import QUANTILES, forecast_demand

SOURCE = Path(__file__).parents[2] / "../shared/data/burstgpt-hourly/burstgpt_hourly_d00-44.csv"
#: Day 0 is probably a Wednesday.
START = pd.Timestamp("2024-01-03")
END = START + pd.Timedelta(hours=45 * 24 - 1)

pytestmark = pytest.mark.skipif(
    not SOURCE.is_file(), reason=f"real data not here: {SOURCE} does not exist"
)


@pytest.fixture(scope="module")
def result():
    wide = pd.read_csv(SOURCE)
    wide["ds"] = START + pd.to_timedelta(wide["day"] * 24 + wide["hour"], unit="h")
    long = wide.melt("ds", ["requests_conversation", "requests_api"], "unique_id", "y")
    return forecast_demand(long.assign(measure="requests"), END)


def test_forecasts_are_finite_ordered_and_not_negative(result):
    values = result.forecasts[list(QUANTILES)].to_numpy()
    assert values.shape == (2 * 4 * 672, 5)
    assert np.isfinite(values).all()
    assert (values >= 0).all()
    assert (np.diff(values, axis=1) >= 0).all()


def test_the_seasonal_stream_is_forecast_well(result):
    rows = result.backtests.query("unique_id == 'requests_conversation' and model == 'combination'")
    assert len(rows) == 6
    # Measured 0.18 to 0.43; Saturdays, on which two cutoffs fall, are the worst.
    assert rows["wape"].between(0.12, 0.55).all()
    assert rows["coverage_90"].between(0.70, 1.0).all()
    assert rows["skill_vs_seasonal_naive"].mean() > 0.0


def test_the_combination_beats_last_week_and_prophet_on_both_streams_together(result):
    wape = result.backtests.pivot_table(index="unique_id", columns="model", values="wape")
    ratio = wape.div(wape["combination"], axis=0)
    assert (ratio["seasonal_naive"] > 1.05).all()
    assert np.exp(np.log(ratio["prophet"]).mean()) > 1.0


def test_the_bursty_stream_is_not_and_says_so(result):
    rows = result.backtests.query("unique_id == 'requests_api'")
    assert rows["wape"].max() > 0.8
    forecasts = result.forecasts.query("unique_id == 'requests_api' and is_champion")
    # The highest hour ever seen had 33,236 requests.
    assert forecasts["y_p99"].max() < 2 * 33_236.0

"""Plans for the virtual clusters of Helios Earth, a real GPU cluster of May 2020.

S-Lab HeliosArtifact (Hu et al., SC 21, CC BY 4.0). GPUs wanted are those of running and of pending
jobs. At each of two cutoffs the week after is forecast, planned at a reserved price of 1 and 2.50
on demand, and paid.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from forecasts import fit_predict, named
from forecasts.capacity.newsvendor import fleet_cost, reserve
from forecasts.capacity.pooled import pool
from forecasts.capacity.regret import past_plan, regret_vs_clairvoyant
from forecasts.capacity.scenario import of_forecast
from forecasts.frames import HOUR, QUANTILES

SOURCE = (
    Path(__file__).parents[2] / "../shared/data/helios-earth-vc/helios_earth_vc_5min_2020-05.csv.gz"
)
WEEK = 168
RESERVED, ON_DEMAND = 1.0, 2.5

pytestmark = pytest.mark.skipif(
    not SOURCE.is_file(), reason=f"real data not here: {SOURCE} does not exist"
)


@pytest.fixture(scope="module")
def wanted() -> pd.DataFrame:
    """unique_id, ds, y: mean GPUs wanted in the hour, of the clusters that want any."""
    rows = pd.read_csv(SOURCE, parse_dates=["time"])
    rows["y"] = rows["running_gpu_num"] + rows["pending_gpu_num"]
    hourly = rows.groupby(["vc", rows["time"].dt.floor("h")])["y"].mean().reset_index()
    long = hourly.rename(columns={"vc": "unique_id", "time": "ds"})
    busy = long.groupby("unique_id")["y"].transform("max") > 1.0
    return long[busy & (long["ds"] < "2020-06-01")].reset_index(drop=True)


@pytest.fixture(scope="module")
def paid(wanted: pd.DataFrame) -> dict[str, list]:
    """Plans that rest on the default forecast, and costs of rules of thumb."""
    last = wanted["ds"].max()
    found: dict[str, list] = {"combination": [], "peak": [], "nothing": []}
    for weeks in (1, 2):
        cutoff = last - weeks * WEEK * HOUR
        known = wanted[wanted["ds"] <= cutoff]
        actual = wanted[wanted["ds"] > cutoff].pivot(index="ds", columns="unique_id", values="y")
        actual = actual.iloc[:WEEK]
        forecast = fit_predict(named("combination"), known, WEEK)
        for series, rows in forecast.groupby("unique_id"):
            demand = of_forecast(
                pd.DatetimeIndex(rows["ds"]), rows[list(QUANTILES)].to_numpy(), None
            )
            came = actual[series].to_numpy(dtype=np.float64)
            plan = past_plan(cutoff, demand, came, None, RESERVED, ON_DEMAND, 0.99)
            found["combination"].append(plan)
        for series, rows in known.groupby("unique_id"):
            came = actual[series].dropna().to_numpy()
            peak = float(np.ceil(rows["y"].iloc[-WEEK:].max()))
            best = fleet_cost(came, reserve(pool(came), 0.6), RESERVED, ON_DEMAND)
            found["peak"].append((fleet_cost(came, peak, RESERVED, ON_DEMAND), best))
            found["nothing"].append((fleet_cost(came, 0, RESERVED, ON_DEMAND), best))
    return found


def test_plans_beat_rules_of_thumb(paid: dict[str, list]):
    """Measured: 6 % above foresight; last week's peak 28 %, all on demand 107 %."""
    thumb = {
        rule: sum(cost for cost, _ in paid[rule]) / sum(best for _, best in paid[rule]) - 1.0
        for rule in ("peak", "nothing")
    }
    regret = regret_vs_clairvoyant(paid["combination"])
    assert regret is not None
    assert regret < 0.35 * min(thumb.values())


def test_what_is_ready_suffices_in_most_hours(paid: dict[str, list]):
    """Ready for 99 % of the hours; measured: 98.7 %."""
    assert len(paid["combination"]) == 24
    assert np.mean([plan.shortfall for plan in paid["combination"]]) < 0.04

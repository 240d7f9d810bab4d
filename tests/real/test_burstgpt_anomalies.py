"""BurstGPT (Wang et al., KDD 2025, CC BY 4.0) as spend: 45 real days, and spikes planted in them.

Calls at a fixed price. Each spike stands in a copy of its own of the stream, on each day that has
three weeks before it.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks.anomalies.series import Case
from benchmarks.anomalies.warehouse import flagged

SOURCE = Path(__file__).parents[2] / "../shared/data/burstgpt-hourly/burstgpt_hourly_d00-44.csv"
STREAMS = ("requests_conversation", "requests_api")
SIZES = (2.0, 3.0, 5.0)
FIRST = 21
USD_PER_DAY = 1_000.0

pytestmark = pytest.mark.skipif(
    not SOURCE.is_file(), reason=f"real data not here: {SOURCE} does not exist"
)


def case(name: str, calls: np.ndarray, size: float, day: int | None) -> Case:
    """The stream with one day so many times as dear, which nobody got anything for."""
    factor = np.ones(len(calls))
    if day is not None:
        factor[day] = size
    # the median of a silent stream is small: its mean is what it costs
    usual = calls * (USD_PER_DAY / calls.mean())
    return Case(
        kind=name,
        size=size,
        seed=-1 if day is None else day,
        costs=(usual * factor)[None],
        requests=(calls * factor)[None],
        tokens=(calls * factor * 900)[None],
        value=3 * usual,
        spike_day=day,
        cause="volume",
        has_value=False,
        shift_days=frozenset(),
    )


@pytest.fixture(scope="module")
def streams(tmp_path_factory):
    """Per stream its cases, and what was flagged in them."""
    daily = pd.read_csv(SOURCE).groupby("day")[list(STREAMS)].sum()
    cases = {
        name: [
            case(name, daily[name].to_numpy(float), size, day)
            for size in SIZES
            for day in (None, *range(FIRST, len(daily)))
        ]
        for name in STREAMS
    }
    flags = flagged([c for of in cases.values() for c in of], tmp_path_factory.mktemp("burstgpt"))
    return cases, flags


def recall(streams, name: str, size: float) -> float:
    cases, flags = streams
    planted = [c for c in cases[name] if c.size == size and c.spike_day is not None]
    found = [c for c in planted if c.spike_day in {flag.day for flag in flags[c.model_name]}]
    return len(found) / len(planted)


def false_days(streams, name: str) -> set[int]:
    cases, flags = streams
    return {f.day for c in cases[name] for f in flags[c.model_name] if f.day != c.spike_day}


def test_spikes_of_the_seasonal_stream_are_found(streams):
    assert recall(streams, "requests_conversation", 3.0) == 1
    assert recall(streams, "requests_conversation", 5.0) == 1
    assert recall(streams, "requests_conversation", 2.0) >= 0.8
    assert false_days(streams, "requests_conversation") == set()


def test_a_spike_without_value_is_valueless_and_volume(streams):
    cases, flags = streams
    for planted in cases["requests_conversation"]:
        for flag in flags[planted.model_name]:
            assert (flag.cause, flag.is_valueless) == ("volume", True)


def test_the_stream_of_bursts_is_left_alone(streams):
    """A day differs from its weekday by a factor of 13 (robust sigma): nothing can be told."""
    assert recall(streams, "requests_api", 3.0) <= 0.1
    assert len(false_days(streams, "requests_api")) <= 3

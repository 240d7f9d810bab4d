"""What spot costs and how far serving may lean on it, by hand and by simulation."""

import numpy as np
import pytest

from forecasts.capacity.spot import (
    SpotOffer,
    SpotRules,
    effective_hourly,
    missing_share,
    serving_limit,
)

OFFER = SpotOffer(hourly=1.77, interruptions_per_hour=0.02)


def test_interruptions_cost_the_replacement():
    # One in 50 hours, half an hour each at 3.93: 1.77 + 0.02 x 0.5 x 3.93.
    assert effective_hourly(OFFER, 3.93, 0.5) == pytest.approx(1.8093)


def test_serving_leans_on_as_many_as_the_risk_allows():
    # Away for 10 minutes in 50 hours: 1/301. Three of them: 1 - (300/301)^3 = 0.0099; four: 0.0132.
    assert missing_share(OFFER, 10 / 60) == pytest.approx(1 / 301)
    assert serving_limit(OFFER, SpotRules(restart_hours=10 / 60, serving_risk=0.01)) == 3
    assert serving_limit(OFFER, SpotRules(serving_risk=0.0)) == 0
    assert serving_limit(SpotOffer(1.0, 0.0), SpotRules()) > 10**6


def test_the_missing_share_is_that_of_a_simulation():
    rng = np.random.default_rng(8)
    up = rng.exponential(1 / 0.5, 200_000)
    expected = 0.25 / (up.mean() + 0.25)
    assert missing_share(SpotOffer(1.0, 0.5), 0.25) == pytest.approx(expected, rel=0.01)

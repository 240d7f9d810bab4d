import math

import numpy as np
import pytest

from forecasts import metrics

# Two hours; forecasts p50, p80, p90, p95, p99.
ACTUAL = np.array([10.0, 20.0])
FORECAST = np.array([[8.0, 9.0, 10.0, 12.0, 15.0], [22.0, 23.0, 24.0, 25.0, 26.0]])


def test_wape_by_hand():
    assert metrics.wape(ACTUAL, FORECAST) == pytest.approx(4.0 / 30.0)


def test_mase_by_hand():
    # In-sample differences at season 2: |5-1|, |2-4| and one unknown; mean 3. Error mean 2.
    history = np.array([1.0, 4.0, 5.0, 2.0, np.nan])
    assert metrics.mase(ACTUAL, FORECAST, history, 2) == pytest.approx(2.0 / 3.0)


def test_pinball_by_hand():
    # Hour 1, errors 2, 1, 0, -2, -5: 1.0 + 0.8 + 0 + 0.05 x 2 + 0.01 x 5 = 1.95
    # Hour 2, errors -2 .. -6: 0.5 x 2 + 0.2 x 3 + 0.1 x 4 + 0.05 x 5 + 0.01 x 6 = 2.31
    assert metrics.pinball(ACTUAL, FORECAST) == pytest.approx((1.95 + 2.31) / 10.0)


def test_coverage_counts_hours_at_or_below_p90():
    assert metrics.coverage_90(ACTUAL, FORECAST) == 1.0
    assert metrics.coverage_90(np.array([10.1, 20.0]), FORECAST) == 0.5


def test_skill_by_hand():
    assert metrics.skill(3.0, 4.0) == 0.25
    assert metrics.skill(0.0, 0.0) == 0.0
    assert math.isnan(metrics.skill(1.0, 0.0))


def test_errors_relative_to_nothing():
    zero, right, wrong = np.zeros(2), np.zeros((2, 5)), np.ones((2, 5))
    assert metrics.wape(zero, right) == 0.0
    assert math.isnan(metrics.wape(zero, wrong))
    assert metrics.mase(zero, right, np.zeros(50), 24) == 0.0
    assert math.isnan(metrics.mase(zero, right, np.zeros(5), 24))

"""Reserve up to the quantile: against brute force over every fleet, and by hand."""

import numpy as np
import pytest

from forecasts.capacity.newsvendor import fleet_cost, reserve, reserve_quantile, whole
from forecasts.capacity.pooled import pool


def test_reserved_at_1_and_on_demand_at_2_50_is_the_60_percent_quantile():
    assert reserve_quantile(1.0, 2.5) == pytest.approx(0.6)
    demand = pool(np.arange(1.0, 101.0))
    assert reserve(demand, reserve_quantile(1.0, 2.5)) == 60


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("reserved", [0.2, 1.0, 1.7, 2.4])
def test_no_other_fleet_is_cheaper(seed: int, reserved: float):
    rng = np.random.default_rng(seed)
    demand = rng.gamma(0.7, 9.0, 400) * (rng.random(400) < 0.8)
    costs = [fleet_cost(demand, gpus, reserved, 2.5) for gpus in range(120)]
    chosen = reserve(pool(demand), reserve_quantile(reserved, 2.5))
    assert costs[chosen] == pytest.approx(min(costs))


def test_a_reservation_that_saves_nothing_is_none():
    assert reserve_quantile(3.0, 2.5) == 0.0
    assert reserve(pool(np.full(10, 7.0)), 0.0) == 0


def test_a_free_reservation_covers_the_highest_hour():
    assert reserve(pool(np.array([1.0, 3.2, 2.0])), reserve_quantile(0.0, 2.5)) == 4


def test_cost_of_a_fleet_by_hand():
    # Two reserved at 1 for three hours, then 1.2 and 0 and 3.5 - 2 = 2 whole ones at 2.5.
    assert fleet_cost(np.array([1.2, 2.0, 3.5]), 2, 1.0, 2.5) == pytest.approx(6.0 + 2 * 2.5)


def test_gpus_come_whole_and_sums_of_floats_do_not_add_one():
    assert whole(np.array([0.1 + 0.2 + 0.7, 2.1, -1.0, 0.0])).tolist() == [1.0, 3.0, 0.0, 0.0]


def test_prices_that_cannot_be_compared():
    for reserved, on_demand in ((-1.0, 2.0), (1.0, 0.0), (float("nan"), 2.0)):
        with pytest.raises(ValueError, match="cannot be compared"):
            reserve_quantile(reserved, on_demand)

"""Plans on planted demand, whose best answer is known."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
import worlds

from forecasts.capacity.offers import Commitment, Prices, term_hours
from forecasts.capacity.plan import Fleet, Rules
from forecasts.capacity.situation import plans_of
from forecasts.capacity.spot import SpotRules

NO_SPOT = replace(worlds.PRICES, spot=None)


def month_of(situation):
    return plans_of(situation)[0].plan


def test_a_certain_day_by_hand():
    """Demand of 1 to 24 GPUs: 60 % of the hours want at most 14.4, so 15 are reserved.

    Above them ride 1 to 9 GPUs in 9 of 24 hours: 45 GPU-hours a day, 28 days, at 2.50.
    """
    plan = month_of(worlds.situation(worlds.demand(worlds.by_hour_of_day()), NO_SPOT))
    assert plan.reserved == 15
    assert plan.quantile == pytest.approx(0.6)
    assert plan.costs.reserved == Decimal(15) * 672
    assert plan.costs.on_demand == Decimal(45 * 28) * Decimal("2.5")
    assert plan.costs.expected == Decimal(15 * 672) + Decimal(3150)
    assert plan.ride.on_demand.mean() == pytest.approx(45 / 24)
    assert plan.ride.shortfall.max() == 0.0
    assert plan.ride.ready[:24].tolist() == [max(15, hour + 1) for hour in range(24)]


def test_no_other_reservation_would_have_been_cheaper():
    rng = np.random.default_rng(4)
    serving = rng.gamma(2.0, 6.0, 672)
    situation = worlds.situation(worlds.demand(serving), NO_SPOT)
    chosen = month_of(situation)
    wanted = np.ceil(serving)
    costs = [
        (Decimal(gpus) * 672 + Decimal("2.5") * int(np.maximum(wanted - gpus, 0).sum()))
        for gpus in range(60)
    ]
    assert chosen.costs.expected == min(costs)


def test_hour_costs_add_up_to_the_plan():
    plan = month_of(worlds.situation(worlds.demand(worlds.by_hour_of_day(), np.full(672, 3.0))))
    assert plan.hour_costs.sum() == pytest.approx(float(plan.costs.expected))
    assert plan.costs.expected == plan.costs.reserved + plan.costs.on_demand + plan.costs.spot


def test_jobs_ride_on_spot_and_serving_leans_on_a_few():
    """Serving 1 to 24, jobs 4, 19 reserved: jobs use what is free, then spot.

    Three spot GPUs keep serving at 99 %; each hour of one costs 0.90 + 0.02 x 10 minutes of 2.50.
    """
    plan = month_of(worlds.situation(worlds.demand(worlds.by_hour_of_day(), np.full(672, 4.0))))
    assert plan.reserved == 19
    at = {hour: hour + 1 for hour in range(24)}
    spot_serving = [min(max(at[hour] - 19, 0), 3) for hour in range(24)]
    assert plan.ride.spot_serving[:24].tolist() == spot_serving
    jobs = [max(at[hour] + 4 - 19, 0) - max(at[hour] - 19, 0) for hour in range(24)]
    assert plan.ride.spot_training[:24].tolist() == jobs
    serving_hourly, jobs_hourly = 0.90 + 0.02 / 6 * 2.5, 0.90 + 0.02 * (1 / 6 + 0.5) * 2.5
    expected = 28 * (sum(spot_serving) * serving_hourly + sum(jobs) * jobs_hourly)
    assert float(plan.costs.spot) == pytest.approx(expected)
    three_away = 1 - (300 / 301) ** 3
    assert plan.ride.shortfall[23] == pytest.approx(three_away)


def test_spot_that_does_not_pay_is_not_used():
    dear = replace(worlds.PRICES, spot=Decimal("2.49"), interruptions_per_hour=0.5)
    plan = month_of(worlds.situation(worlds.demand(worlds.by_hour_of_day()), dear))
    assert plan.ride.spot_serving.sum() == 0.0
    unknown = replace(worlds.PRICES, interruptions_per_hour=None)
    plan = month_of(worlds.situation(worlds.demand(worlds.by_hour_of_day()), unknown))
    assert plan.ride.spot_serving.sum() == 0.0
    assert unknown.missing() == "spot interruptions"


def test_missing_prices_are_not_invented():
    demand = worlds.demand(worlds.by_hour_of_day())
    nothing = plans_of(worlds.situation(demand, Prices()))
    assert [named.term for named in nothing] == ["month"]
    assert nothing[0].plan.reserved is None
    assert nothing[0].plan.costs.expected is None
    assert Prices().missing() == "on-demand price; reserved price; spot price; spot interruptions"
    # Without a reservation on the list everything rides on demand.
    only = plans_of(worlds.situation(demand, Prices(on_demand=Decimal(2))))[0].plan
    assert only.reserved == 0
    assert only.costs.expected == Decimal(2 * 300 * 28)


def test_todays_fleet():
    """20 GPUs at 2.00, lacking 1 to 4 in four hours a day at 2.50: short in 4 of 24 hours."""
    fleet = Fleet(20.0, Decimal(2))
    plan = month_of(worlds.situation(worlds.demand(worlds.by_hour_of_day()), fleet=fleet))
    assert plan.today_cost == Decimal(20 * 2 * 672) + Decimal(10 * 28) * Decimal("2.5")
    assert plan.today_shortfall == pytest.approx(4 / 24)


def test_terms_of_the_price_list():
    assert [term_hours(term) for term in ("28d", "4w", "6m", "1y", "3y")] == [
        672,
        672,
        4380,
        8760,
        26280,
    ]
    with pytest.raises(ValueError, match="no term"):
        term_hours("forever")
    offers = (Commitment("3y", Decimal("0.75")), Commitment("1y", Decimal("1.00")))
    situation = worlds.situation(
        worlds.demand(worlds.by_hour_of_day()), replace(worlds.PRICES, commitments=offers)
    )
    plans = plans_of(situation)
    assert [(named.term, named.evidence) for named in plans] == [
        ("month", "within horizon"),
        ("1y", "extrapolated"),
        ("3y", "extrapolated"),
    ]
    assert [named.plan.commitment.term for named in plans] == ["1y", "1y", "3y"]
    # The same days go on, so the year reserves what the month does; 3 years at 0.75: 70 % of 24.
    assert [named.plan.reserved for named in plans] == [15, 15, 17]
    assert [len(named.plan.demand.ds) for named in plans] == [672, 8760, 26280]


def test_the_service_level_decides_what_is_ready():
    quantiles = np.tile([10.0, 12.0, 13.0, 14.0, 20.0], (672, 1))
    demand = replace(
        worlds.demand(np.ones(672)),
        serving=worlds.of_forecast(worlds.hours(), quantiles, None).serving,
    )
    ready = [
        month_of(worlds.situation(demand, NO_SPOT, rules=Rules(level, SpotRules()))).ride
        for level in (0.9, 0.99)
    ]
    assert ready[0].ready[0] in (13.0, 14.0)
    assert ready[1].ready[0] == pytest.approx(20.0, abs=1.0)
    assert 0.04 < ready[0].shortfall.mean() <= 0.1
    assert ready[1].shortfall.mean() <= 0.01

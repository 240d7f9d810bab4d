"""What a version will cost next month, by hand: July has 31 days."""

from datetime import date
from decimal import Decimal

import pytest
from made_facts import priced, version

from pipelines.gate.estimate import Basis, estimate

# 310 calls a day at 1 USD; 1,000 tokens each: 800 in, 200 out
SERVING = {
    "served_days": 10,
    "requests": 3100,
    "model_requests": 3100,
    "total_tokens": 3_100_000,
    "input_tokens": 2_480_000,
    "output_tokens": 620_000,
    "direct_cost_usd": "3100",
    "cost_per_request_usd": "1",
    "cost_per_mtok_usd": "1000",
    "peak_tokens_per_second": "900",
}


def test_a_version_that_serves_costs_what_it_costs():
    found = estimate(version(**SERVING), None, None)
    # 310 a day x 31 days
    assert (found.basis, found.requests, found.cost_usd) == (Basis.BILLED, 9610, 9610)
    assert found.month == date(2026, 7, 1)
    assert found.compared_usd is None


def test_the_month_after_december_is_january():
    found = estimate(version(**SERVING | {"as_of_date": date(2026, 12, 31)}), None, None)
    assert found.month == date(2027, 1, 1)


@pytest.mark.parametrize("asked", [0, 5000])
def test_expected_calls_go_before_those_served(asked):
    found = estimate(version(**SERVING), version("v1", **SERVING), asked)
    assert (found.requests, found.cost_usd, found.compared_usd) == (asked, asked, asked)


def test_a_version_on_trial_takes_over_all_calls():
    trial = SERVING | {"requests": 310, "direct_cost_usd": "155", "cost_per_request_usd": "0.5"}
    found = estimate(version(**trial), version("v1", **SERVING), None)
    # all of the model's 3,100 calls of 10 days, at half a dollar
    assert (found.basis, found.requests) == (Basis.CANARY, 9610)
    assert (found.cost_usd, found.compared_usd) == (4805, 9610)


def test_a_version_on_a_price_list_costs_its_tokens():
    # 800 x 2 + 200 x 2 = 2,000 per million: 0.002 a call; by list v1 costs half
    found = estimate(priced("v2", "2"), priced("v1", "1", **SERVING), 1000)
    assert found.basis is Basis.TOKEN_PRICES
    assert (found.cost_usd, found.cost_per_request_usd) == (Decimal(2), Decimal("0.002"))
    # list against list: what v1 is billed (1 USD a call) has its own discounts
    assert found.compared_usd == Decimal(1)


def test_without_a_list_price_of_the_other_its_bill_is_compared():
    found = estimate(priced("v2", "2"), version("v1", **SERVING), 1000)
    assert (found.cost_usd, found.compared_usd) == (Decimal(2), Decimal(1000))


def test_cache_tokens_have_their_own_price():
    mix = SERVING | {"input_tokens": 480_000, "cache_read_tokens": 2_000_000}
    prices = {"cache_read_per_mtok_usd": "0.1", "output_per_mtok_usd": "10"}
    found = estimate(priced("v2", "1", **prices), version("v1", **mix), 3100)
    # 0.48 x 1 + 2 x 0.1 + 0.62 x 10
    assert found.cost_usd == Decimal("6.88")


GPUS = {
    "hosting": "self_hosted",
    "accelerator": "H100",
    "gpu_provider": "aws",
    "gpu_per_hour_usd": "4",
    "tokens_per_second": "1000",
    "throughput_source": "price list",
}


@pytest.mark.parametrize(
    ("calls", "gpus"),
    # peak 900 at 9,610 calls a month: 1 GPU; at twice as many 1,800: 2; without a call still one
    [(None, 1), (19_220, 2), (0, 1)],
)
def test_a_version_on_gpus_costs_what_its_peak_needs(calls, gpus):
    found = estimate(version("v2", **GPUS), version("v1", **SERVING), calls)
    assert found.basis is Basis.GPU_PRICES
    assert found.cost_usd == gpus * 4 * 24 * 31


def test_a_trial_of_next_to_no_calls_is_sized_not_multiplied():
    # 31 of 3,100 calls on a GPU of 96 a day: 30.97 USD a call says nothing about 9,610 calls
    trial = {
        "served_days": 10,
        "requests": 31,
        "model_requests": 3131,
        "total_tokens": 93_000,
        "direct_cost_usd": "960",
        "cost_per_request_usd": "30.967741935484",
    }
    found = estimate(version("v2", **GPUS | trial), version("v1", **SERVING), None)
    # three times the tokens of a call: a peak of 2,700, 3 GPUs
    assert (found.basis, found.cost_usd) == (Basis.CANARY, 3 * 4 * 24 * 31)
    dear = trial | {"direct_cost_usd": "9600"}
    found = estimate(version("v2", **GPUS | dear), version("v1", **SERVING), None)
    assert found.cost_usd == 960 * 31
    assert "as much already" in found.method


def test_a_version_that_runs_without_a_call_costs_its_days():
    found = estimate(version("v2", served_days=4, direct_cost_usd="10"), None, None)
    assert (found.basis, found.cost_usd) == (Basis.AS_IT_RUNS, Decimal("77.5"))


@pytest.mark.parametrize(
    ("candidate", "against"),
    [
        (version("v2"), version("v1", **SERVING)),
        (priced("v2"), None),
        (priced("v2"), version("v1")),
        (version("v2", **GPUS | {"tokens_per_second": None}), version("v1", **SERVING)),
        (version("v2", **GPUS | {"gpu_per_hour_usd": None}), version("v1", **SERVING)),
    ],
    ids=["no price", "no other", "the other never served", "no throughput", "no GPU price"],
)
def test_no_basis_is_no_estimate(candidate, against):
    assert estimate(candidate, against, 1000) is None

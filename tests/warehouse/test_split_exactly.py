"""The division macro against a second implementation, digit by digit."""

import math
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext

import pytest
from bills import TRILLIONTH, amounts
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from waterfall import Waterfall

DAY = date(2026, 5, 1)
weights = st.one_of(st.integers(1, 2), st.integers(1, 10**9), st.integers(1, 10**17))


@pytest.fixture(scope="module")
def waterfall(warehouse):
    return Waterfall(warehouse)


def split(amount: Decimal, weight_of: dict[str, int]) -> dict[str, Decimal]:
    """Rule 17, by hand: shares cut at 12 digits, the remainder to the largest, ties by name."""
    whole = float(sum(weight_of.values()))
    with localcontext(prec=60):
        share_of = {
            name: math.floor(float(weight) / whole * 10**12) * TRILLIONTH
            for name, weight in weight_of.items()
        }
        parts = {
            name: (amount * share).quantize(TRILLIONTH, ROUND_HALF_UP)
            for name, share in share_of.items()
        }
        largest = min(share_of, key=lambda name: (-share_of[name], name))
        parts[largest] += amount - sum(parts.values())
    return parts


def test_the_second_implementation_itself():
    assert split(Decimal(10), {"a": 1, "b": 2}) == {
        "a": Decimal("3.333333333330"),
        "b": Decimal("6.666666666670"),
    }
    assert split(-TRILLIONTH, {"b": 1, "a": 1}) == {"a": Decimal(0), "b": -TRILLIONTH}


def test_both_implementations_agree_to_the_last_digit(waterfall):
    @settings(
        max_examples=30,
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(
        st.lists(
            st.tuples(amounts, amounts, st.lists(weights, min_size=1, max_size=9)),
            min_size=1,
            max_size=20,
        )
    )
    def agree(splits):
        expected = {}
        charges, gpu_days = [], []
        for number, (billed, effective, weight_list) in enumerate(splits):
            resource = f"i-{number}"
            weight_of = {f"model {place}": weight for place, weight in enumerate(weight_list)}
            charges.append(_charge(resource, billed, effective))
            gpu_days += [_gpu_day(resource, name, weight) for name, weight in weight_of.items()]
            billed_parts, effective_parts = split(billed, weight_of), split(effective, weight_of)
            expected |= {
                (resource, name): (billed_parts[name], effective_parts[name]) for name in weight_of
            }
        waterfall.run(
            {
                "stg_billing__charges": charges,
                "stg_lake__live_files": [
                    {
                        "source": "billing",
                        "delivery": "a",
                        "delivery_sort_key": "a",
                        "load_id": "1.0",
                        "is_complete": True,
                    }
                ],
                "int_gpu__resource_days": gpu_days[::-1],
            }
        )
        found = waterfall.rows(
            "int_cost__gpu_time_parts", "charge_id, model_name, billed_cost, effective_cost"
        )
        assert {row[:2]: row[2:] for row in found} == expected

    agree()


def _charge(resource: str, billed: Decimal, effective: Decimal) -> dict:
    return {
        "charge_id": resource,
        "delivery": "a",
        "provider": "AWS",
        "provider_key": "aws",
        "billing_account_id": "1",
        "billing_period_start": DAY,
        "billing_currency": "USD",
        "resource_key": resource,
        "first_day": DAY,
        "last_day": DAY,
        "billed_cost": billed,
        "effective_cost": effective,
        "list_cost": Decimal(0),
    }


def _gpu_day(resource: str, model_name: str, weight: int) -> dict:
    return {
        "date_day": DAY,
        "resource_key": resource,
        "accelerator": "NVIDIA-H100",
        "model_name": model_name,
        "model_version": "v1",
        "endpoint": "/a",
        "team": "search",
        "is_held": True,
        "held_us": weight,
    }

"""No bill loses or gains a digit on its way through the waterfall, in any order of its rows."""

import random
from collections import defaultdict
from decimal import Decimal

import pytest
from bills import Bill, bills
from hypothesis import HealthCheck, given, settings
from waterfall import Waterfall

AMOUNTS = ("billed_cost", "effective_cost", "list_cost")
# The steps that keep a charge-day whole, and what its parts may be called.
STEP_OF = {"idle": "gpu_time"}
few = settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.fixture(scope="module")
def waterfall(warehouse):
    return Waterfall(warehouse)


def test_every_bill_is_conserved_in_any_order(waterfall):
    steps = set()

    @few
    @given(bills())
    def holds(bill: Bill):
        waterfall.run(bill.tables, threads=1)
        results = _results(waterfall)
        _assert_mart_equals_bill(waterfall, bill)
        _assert_parts_equal_charges(waterfall, bill)
        _assert_one_step_per_charge_day(waterfall)
        steps.update(
            method
            for (method,) in waterfall.query(
                "select distinct allocation_method from {int_cost__parts}"
            )
        )
        waterfall.run(_shuffled(bill), threads=2)
        assert _results(waterfall) == results

    holds()
    # the examples went every way there is
    assert steps == {"direct", "gpu_time", "idle", "token_share", "shared", "unattributed"}


def _results(waterfall: Waterfall) -> list[list[tuple]]:
    return [waterfall.rows("int_cost__parts"), waterfall.rows("fct_model_cost_daily")]


def _shuffled(bill: Bill) -> dict:
    shuffle = random.Random(7).sample  # noqa: S311
    return {name: shuffle(rows, len(rows)) for name, rows in bill.tables.items()}


def _assert_mart_equals_bill(waterfall: Waterfall, bill: Bill) -> None:
    """Rule 1, per provider, account, period and currency: difference exactly 0."""
    expected: dict = defaultdict(lambda: [Decimal(0)] * len(AMOUNTS))
    for row in bill.charges:
        key = tuple(
            row[column]
            for column in (
                "provider",
                "billing_account_id",
                "billing_period_start",
                "billing_currency",
            )
        )
        expected[key] = [sum(pair) for pair in zip(expected[key], _amounts(row), strict=True)]
    found = waterfall.query(
        "select provider, billing_account_id, billing_period_start, billing_currency,"
        " sum(billed_cost), sum(effective_cost), sum(list_cost),"
        " sum(billed_cost_usd), sum(effective_cost_usd) from {fct_model_cost_daily} group by all"
    )
    assert {row[:4]: list(row[4:7]) for row in found} == expected
    for _, _, _, currency, billed, effective, _, billed_usd, effective_usd in found:
        in_usd = (billed, effective) if currency == "USD" else (None, None)
        assert (billed_usd, effective_usd) == in_usd


def _assert_parts_equal_charges(waterfall: Waterfall, bill: Bill) -> None:
    """The parts of each charge add up to it, and so do those of each of its days."""
    found = waterfall.query(
        "select charge_id, sum(billed_cost), sum(effective_cost), sum(list_cost)"
        " from {int_cost__parts} group by charge_id"
    )
    assert {row[0]: list(row[1:]) for row in found} == {
        row["charge_id"]: _amounts(row) for row in bill.charges
    }
    assert not waterfall.query(
        "with parts as (select charge_id, date_day, sum(billed_cost) as billed_cost"
        " from {int_cost__parts} group by all)"
        " select * from parts full join {int_billing__charge_days} as days"
        " using (charge_id, date_day)"
        " where parts.billed_cost is distinct from days.billed_cost"
    )


def _assert_one_step_per_charge_day(waterfall: Waterfall) -> None:
    """Every day of a charge ends in one step, the one its route names."""
    for found, route in waterfall.query(
        "select parts.allocation_method, routes.allocation_method from {int_cost__parts} as parts"
        " left join {int_cost__routes} as routes using (charge_id, date_day)"
    ):
        assert STEP_OF.get(found, found) == route


def _amounts(row: dict) -> list[Decimal]:
    return [row[amount] for amount in AMOUNTS]

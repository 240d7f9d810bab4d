"""The proof is exact where a careless one would not see a difference."""

from decimal import Decimal

import pyarrow as pa
import pytest

from ingestion.compaction.proof import Totals, require_conserved, require_same
from ingestion.errors import InputError


def money(*values: str) -> pa.Table:
    return pa.table({"cost": pa.array([Decimal(value) for value in values], pa.decimal128(38, 12))})


def totals(*values: str) -> Totals:
    counted = Totals()
    counted.add(money(*values))
    return counted


def test_sums_do_not_overflow():
    # twelve of these are more than 38 digits hold
    largest = "99999999999999999999999999.999999999999"
    counted = totals(*[largest] * 12)
    assert counted.sums["cost"] == Decimal("1199999999999999999999999999.999999999988")


def test_the_last_digit_counts():
    with pytest.raises(InputError):
        require_conserved("t", totals("1.000000000001"), totals("1"), Totals())
    require_conserved("t", totals("1", "2"), totals("1"), totals("2"))


def test_rows_that_add_up_to_nothing_count_as_rows():
    with pytest.raises(InputError):
        require_conserved("t", totals("5", "-5"), Totals(), Totals())


def test_streams_are_compared_whatever_their_pieces():
    whole = [money("1", "2", "3", "4")]
    require_same("t", whole, [money("1"), money(), money("2", "3"), money("4")])
    for other in ([money("1", "2", "3")], [money("1", "2", "4", "3")], [*whole, money("1")], []):
        with pytest.raises(InputError):
            require_same("t", whole, other)


def test_nothing_is_the_same_as_nothing():
    require_same("t", [money()], [])


def test_not_a_number_is_itself_and_null_is_not():
    def floats(*values):
        return [pa.table({"x": pa.array(values, pa.float64())})]

    require_same("t", floats(float("nan"), None), floats(float("nan"), None))
    for other in (floats(None, None), floats(float("nan"), 0.0)):
        with pytest.raises(InputError):
            require_same("t", floats(float("nan"), None), other)

"""Whole numbers and doubles."""

from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.casting import CASTS


def reasons(casted) -> list[str | None]:
    found: list[str | None] = [None] * len(casted.values)
    for failure in casted.failures:
        for row, bad in enumerate(failure.mask.to_pylist()):
            if bad:
                found[row] = failure.reason
    return found


@pytest.mark.parametrize(
    ("text", "value", "reason"),
    [
        ("12", 12, None),
        ("12.0", 12, None),
        ("12.", 12, None),
        ("+3", 3, None),
        ("-3", -3, None),
        (" 7 ", 7, None),
        ("1e3", 1000, None),
        ("", None, None),
        ("12.5", None, "is not a whole number"),
        ("1e-3", None, "is not a whole number"),
        ("abc", None, "is not a number"),
        ("0x12", None, "is not a number"),
        ("9223372036854775807", 2**63 - 1, None),
        ("9223372036854775808", None, "is too large for a whole number"),
    ],
)
def test_whole_number_texts(text, value, reason):
    casted = CASTS["bigint"](pa.array(["1", text, "2"]))
    assert casted.values.to_pylist() == [1, value, 2]
    assert reasons(casted) == [None, reason, None]


@pytest.mark.parametrize(
    ("value", "kind", "expected", "reason"),
    [
        (5.0, pa.float64(), 5, None),
        (5.5, pa.float64(), None, "is not a whole number"),
        (float("nan"), pa.float64(), None, "is not a number"),
        (1e30, pa.float64(), None, "is too large for a whole number"),
        (5, pa.int8(), 5, None),
        (2**63, pa.uint64(), None, "is too large for a whole number"),
        (Decimal("5.00"), pa.decimal128(10, 2), 5, None),
        (Decimal("5.01"), pa.decimal128(10, 2), None, "is not a whole number"),
        (True, pa.bool_(), None, "is not a number"),
    ],
)
def test_whole_numbers_of_other_types(value, kind, expected, reason):
    casted = CASTS["bigint"](pa.array([value, None], kind))
    assert casted.values.to_pylist() == [expected, None]
    assert reasons(casted) == [reason, None]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1, max_size=9))
def test_any_whole_number_survives_as_text(values):
    assert CASTS["bigint"](pa.array([str(v) for v in values])).values.to_pylist() == values


@settings(max_examples=200, deadline=None)
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=9))
def test_any_double_survives_as_text(values):
    assert CASTS["double"](pa.array([repr(v) for v in values])).values.to_pylist() == values


def test_doubles_that_are_none():
    casted = CASTS["double"](pa.array(["1.5", "x", "nan", "Infinity", None, ""]))
    assert casted.values.to_pylist() == [1.5, None, None, None, None, None]
    assert [reason is not None for reason in reasons(casted)] == [0, 1, 1, 1, 0, 0]
    casted = CASTS["double"](pa.array([1.5, float("nan"), float("inf")]))
    assert casted.values.to_pylist() == [1.5, None, None]


def test_large_finite_doubles_are_fine_though_their_sum_overflows():
    casted = CASTS["double"](pa.array([1e308, 1e308]))
    assert casted.values.to_pylist() == [1e308, 1e308]
    assert not casted.failures

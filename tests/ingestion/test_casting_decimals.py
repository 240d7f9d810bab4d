"""Money: exactly what Python's decimal module says, rounded half-even once."""

import decimal
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.casting import CASTS

LIMIT = Decimal(10) ** 12


def expected(text: str) -> Decimal | None:
    """The second implementation: one value at a time, with as many digits as it takes."""
    with decimal.localcontext() as context:
        context.prec = 500
        value = Decimal(text).quantize(Decimal("1e-12"), rounding=decimal.ROUND_HALF_EVEN)
    return value if abs(value) < LIMIT else None


def cast(values, kind=None):
    return CASTS["decimal"](pa.array(values, kind))


def failed_rows(casted) -> set[int]:
    return {
        row
        for failure in casted.failures
        for row, bad in enumerate(failure.mask.to_pylist())
        if bad
    }


numbers = st.one_of(
    st.decimals(min_value=-(10**13), max_value=10**13, places=3).map(str),
    st.decimals(min_value=-2, max_value=2, places=13).map(str),
    st.decimals(min_value=-2, max_value=2, places=40).map(lambda value: f"{value:f}"),
    st.integers(-(10**80), 10**80).map(str),
    st.floats(allow_nan=False, allow_infinity=False, width=64).map(repr),
    st.builds("{}e{}".format, st.integers(-999, 999), st.integers(-60, 60)),
    # Halves at the thirteenth digit, where the rounding rule shows.
    st.integers(-(10**14), 10**14).map(lambda whole: str(Decimal(whole * 10 + 5).scaleb(-13))),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(numbers, min_size=1, max_size=20))
def test_text_equals_pythons_decimal(texts):
    casted = cast(texts)
    assert casted.values.type == pa.decimal128(38, 12)
    assert casted.values.to_pylist() == [expected(text) for text in texts]
    assert failed_rows(casted) == {i for i, text in enumerate(texts) if expected(text) is None}


@settings(max_examples=200, deadline=None)
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=20))
def test_doubles_are_read_by_their_shortest_text(values):
    assert cast(values, pa.float64()).values.to_pylist() == [expected(repr(v)) for v in values]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.decimals(min_value=-(10**14), max_value=10**14, places=18), min_size=1, max_size=9)
)
def test_decimals_of_another_scale_round_half_even(values):
    casted = cast(values, pa.decimal128(38, 18))
    assert casted.values.to_pylist() == [expected(str(value)) for value in values]


@pytest.mark.parametrize("values", [[0, 7, -7, 10**12 - 1, 10**12, -(10**12), None]])
@pytest.mark.parametrize("kind", [pa.int64(), pa.decimal128(20, 0)])
def test_whole_numbers(values, kind):
    casted = cast([v if v is None or kind == pa.int64() else Decimal(v) for v in values], kind)
    assert casted.values.to_pylist() == [
        None if v is None or abs(v) >= 10**12 else Decimal(v) for v in values
    ]
    assert failed_rows(casted) == {4, 5}


@pytest.mark.parametrize(
    "text", ["abc", "NaN", "nan", "Infinity", "-inf", "1,234.5", "0x10", "1_000", "$5", "--1", "."]
)
def test_what_is_no_number_fails_alone(text):
    casted = cast(["1.5", text, None, "", " 2 "])
    assert casted.values.to_pylist() == [Decimal("1.5"), None, None, None, Decimal(2)]
    assert failed_rows(casted) == {1}
    assert casted.failures[0].reason == "is not a number"


def test_nan_and_infinity_of_doubles_fail():
    casted = cast([0.1, float("nan"), float("inf"), -float("inf"), None])
    assert casted.values.to_pylist() == [Decimal("0.1"), None, None, None, None]
    assert failed_rows(casted) == {1, 2, 3}


def test_the_edge_of_what_fits():
    fits = "999999999999.999999999999"
    casted = cast([fits, "-" + fits, "999999999999.9999999999995", "1000000000000"])
    assert casted.values.to_pylist() == [Decimal(fits), -Decimal(fits), None, None]
    assert casted.failures[0].reason == "has more than 12 digits before the decimal point"


def test_digits_beyond_the_type_do_not_wrap_around():
    # pyarrow casts this text to decimal128(38, 12) without an error, as another number.
    casted = cast(["12345678901234567890123456789", "1"])
    assert casted.values.to_pylist() == [None, Decimal(1)]


def test_booleans_and_dates_are_no_money():
    assert failed_rows(cast([True, None])) == {0}
    assert failed_rows(cast([1, None], pa.date32())) == {0}

"""Whole numbers and doubles: `12` and `12.0` are whole, `12.5` is not; NaN and infinity fail."""

import decimal
import math

import pyarrow as pa

from ingestion.casting.decimals import NOT_A_NUMBER, NUMBER, any_decimal
from ingestion.casting.result import (
    Casted,
    Failure,
    all_failing,
    blank,
    failures,
    salvage,
    true_mask,
)
from ingestion.casting.text import to_text
from ingestion.kernels import pc

NOT_WHOLE = "is not a whole number"
TOO_LARGE = "is too large for a whole number"
TOO_LARGE_FOR_DOUBLE = "is too large for a double"

_INT64_BOUND = 2.0**63
_WHOLE_TEXT = r"^[+-]?\d+(\.0*)?$"


def to_bigint(values: pa.Array) -> Casted:
    """Cast to int64.

    Args:
        values: Text, integers, floats or decimals.

    Returns:
        Whole numbers; fractions, text that is no number and what exceeds 64 bits fail.
    """
    kind = values.type
    if pa.types.is_int64(kind):
        return Casted(values)
    if pa.types.is_null(kind):
        return Casted(pa.nulls(len(values), pa.int64()))
    if pa.types.is_integer(kind):
        return _to_int64(values)
    if pa.types.is_floating(kind):
        return _whole_floats(values)
    if pa.types.is_decimal(kind):
        if kind.bit_width < 128:
            # Arrow rounds no smaller ones.
            values = values.cast(pa.decimal128(38, kind.scale))
        fraction = true_mask(pc.not_equal(pc.round(values, 0), values))
        whole = _to_int64(blank(values, fraction))
        return Casted(whole.values, [*failures((fraction, NOT_WHOLE)), *whole.failures])
    if pa.types.is_boolean(kind) or pa.types.is_temporal(kind) or pa.types.is_nested(kind):
        return all_failing(values, pa.int64(), NOT_A_NUMBER)
    texts = to_text(values)
    parsed = _whole_texts(texts.values)
    return Casted(parsed.values, [*texts.failures, *parsed.failures])


def to_double(values: pa.Array) -> Casted:
    """Cast to float64.

    Args:
        values: Text, integers, floats or decimals.

    Returns:
        Finite doubles; NaN, infinity and text that is no number fail.
    """
    kind = values.type
    if pa.types.is_null(kind):
        return Casted(pa.nulls(len(values), pa.float64()))
    if pa.types.is_boolean(kind) or pa.types.is_temporal(kind) or pa.types.is_nested(kind):
        return all_failing(values, pa.float64(), NOT_A_NUMBER)
    found: list[Failure] = []
    words = None
    if not (pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)):
        texts = to_text(values)
        found, words = texts.failures, texts.values
        try:
            values = words.cast(pa.float64())
        except pa.ArrowInvalid:
            bad = true_mask(pc.invert(pc.match_substring_regex(words, NUMBER)))
            values, rest = salvage(
                blank(words, bad), pa.float64(), lambda part: part.cast(pa.float64())
            )
            found = [*found, *failures((bad, NOT_A_NUMBER), (rest, NOT_A_NUMBER))]
    doubles = values if pa.types.is_float64(values.type) else values.cast(pa.float64(), safe=False)
    # A sum is finite only when every value is, and ten times cheaper than asking each.
    total = pc.sum(doubles).as_py()
    if total is not None and not math.isfinite(total):
        bad = true_mask(pc.invert(pc.is_finite(doubles)))
        doubles = blank(doubles, bad)
        large = None
        if words is not None:
            large = pc.and_(bad, true_mask(pc.match_substring_regex(words, NUMBER)))
            bad = pc.and_not(bad, large)
        found = [*found, *failures((bad, NOT_A_NUMBER), (large, TOO_LARGE_FOR_DOUBLE))]
    return Casted(doubles, found)


def _to_int64(values: pa.Array) -> Casted:
    whole, bad = salvage(values, pa.int64(), lambda part: part.cast(pa.int64()))
    return Casted(whole, failures((bad, TOO_LARGE)))


def _whole_floats(values: pa.Array) -> Casted:
    values = values.cast(pa.float64())
    bad = true_mask(pc.invert(pc.is_finite(values)))
    fraction = true_mask(pc.and_not(pc.not_equal(pc.floor(values), values), bad))
    large = true_mask(pc.and_not(pc.greater_equal(pc.abs(values), _INT64_BOUND), bad))
    whole = blank(values, pc.or_(pc.or_(bad, fraction), large)).cast(pa.int64(), safe=False)
    return Casted(whole, failures((bad, NOT_A_NUMBER), (fraction, NOT_WHOLE), (large, TOO_LARGE)))


def _whole_texts(texts: pa.Array) -> Casted:
    if len(texts) == texts.null_count:
        return Casted(pa.nulls(len(texts), pa.int64()))
    # Arrow reads 0x12 as 18; a count is never written like that on purpose.
    if not pc.any(pc.match_substring(texts, "x", ignore_case=True)).as_py():
        try:
            return Casted(texts.cast(pa.int64()))
        except pa.ArrowInvalid:
            pass
    no_number = true_mask(pc.invert(pc.match_substring_regex(texts, NUMBER)))
    texts = blank(texts, no_number)
    plain = true_mask(pc.match_substring_regex(texts, _WHOLE_TEXT))
    digits = pc.replace_substring_regex(
        blank(texts, pc.invert(plain)), r"^\+?(-?\d+)(\.0*)?$", r"\1"
    )
    values, large = salvage(digits, pa.int64(), lambda part: part.cast(pa.int64()))
    rest = pc.and_(texts.is_valid(), pc.invert(plain))
    fraction, huge = None, None
    if pc.any(rest).as_py():
        numbers = [any_decimal(text) for text in texts.filter(rest).to_pylist()]
        exact = pa.array([_whole(number) for number in numbers], pa.int64())
        are_huge = pa.array([_is_huge(number) for number in numbers], pa.bool_())
        values = pc.replace_with_mask(values, rest, exact)
        huge = pc.replace_with_mask(pc.and_not(rest, rest), rest, are_huge)
        fraction = pc.and_not(pc.and_(rest, values.is_null()), huge)
    return Casted(
        values,
        failures(
            (no_number, NOT_A_NUMBER), (fraction, NOT_WHOLE), (large, TOO_LARGE), (huge, TOO_LARGE)
        ),
    )


def _whole(number: decimal.Decimal | None) -> int | None:
    """A number with a fraction or an exponent as a whole number, where it is one."""
    if number is None or _is_huge(number) or number != number.to_integral_value():
        return None
    return int(number)


def _is_huge(number: decimal.Decimal | None) -> bool:
    """Whether a number, None for one beyond all exponents, does not fit 64 bits."""
    return number is None or not -(2**63) <= number < 2**63

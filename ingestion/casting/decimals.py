"""Money casts: decimal(38,12), rounded half-even once, exact from the text or the shortest text.

The plain path is text -> decimal256(76,30) -> half-even to 12 places -> decimal128(38,12); what
does not fit decimal(24,12) fails. Arrow's decimal parser wraps around silently on digits beyond the
type's precision, so magnitude and length are bounded before it is trusted.
"""

import decimal

import pyarrow as pa

from ingestion.casting.result import (
    Casted,
    all_failing,
    blank,
    failures,
    salvage,
    true_mask,
)
from ingestion.casting.text import to_text
from ingestion.contracts.model import MONEY
from ingestion.kernels import pc

NOT_A_NUMBER = "is not a number"
TOO_LARGE = "has more than 12 digits before the decimal point"
NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"

_PLACES = 12
_WIDE = pa.decimal256(76, 30)
# Rounding cannot reach 10^12 from below this.
_SAFE_MAGNITUDE = 999_999_999_999.0
_LIMIT = decimal.Decimal(10) ** 12
_QUANTUM = decimal.Decimal(1).scaleb(-_PLACES)
# Digits (with sign, point and exponent) that cannot overflow 38 and 76 digits.
_NARROW_LENGTH = 36
_WIDE_LENGTH = 70


def to_decimal(values: pa.Array) -> Casted:
    """Cast to decimal(38,12).

    Args:
        values: Text, integers, floats (read by their shortest text) or decimals.

    Returns:
        Decimals; text that is no number, NaN, infinity and what needs more than 12 digits before
        the point fail.
    """
    kind = values.type
    if kind == MONEY and _is_small(values):
        return Casted(values)
    if pa.types.is_null(kind):
        return Casted(pa.nulls(len(values), MONEY))
    if pa.types.is_integer(kind):
        return _from_integers(values)
    if pa.types.is_floating(kind):
        return _from_floats(values)
    if pa.types.is_decimal(kind):
        return _from_decimals(values)
    if _is_text(kind):
        texts = to_text(values)
        parsed = _from_text(texts.values)
        return Casted(parsed.values, [*texts.failures, *parsed.failures])
    return all_failing(values, MONEY, NOT_A_NUMBER)


def _is_text(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return (
        pa.types.is_string(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_string_view(kind)
        or pa.types.is_binary(kind)
        or pa.types.is_large_binary(kind)
        or pa.types.is_binary_view(kind)
    )


def _is_small(values: pa.Array) -> bool:
    bounds = pc.min_max(values).as_py()
    return bounds["min"] is None or (bounds["min"] > -_LIMIT and bounds["max"] < _LIMIT)


def _from_integers(values: pa.Array) -> Casted:
    limit = pa.scalar(int(_LIMIT), values.type) if values.type.bit_width == 64 else None
    too_large = None
    if limit is not None:
        too_large = pc.greater_equal(values, limit)
        if pa.types.is_signed_integer(values.type):
            too_large = pc.or_(too_large, pc.less_equal(values, pa.scalar(-int(_LIMIT))))
        too_large = true_mask(too_large)
        values = blank(values, too_large).cast(pa.int64())
    return Casted(values.cast(pa.int64()).cast(MONEY), failures((too_large, TOO_LARGE)))


def _from_floats(values: pa.Array) -> Casted:
    bad = None
    if not pc.all(pc.is_finite(values)).as_py():
        bad = true_mask(pc.invert(pc.is_finite(values)))
        values = blank(values, bad)
    parsed = _from_text(values.cast(pa.string()))
    return Casted(parsed.values, [*failures((bad, NOT_A_NUMBER)), *parsed.failures])


def _from_decimals(values: pa.Array) -> Casted:
    # Doubles say which values are far too large to be rounded and cast; the edge is judged exactly.
    magnitude = pc.abs(values.cast(pa.float64()))
    large = true_mask(pc.greater(magnitude, 2 * _SAFE_MAGNITUDE))
    values = blank(values, large)
    if values.type.scale > _PLACES:
        room = pa.decimal256(76, values.type.scale)
        values = pc.round(values.cast(room), _PLACES, "half_to_even")
    money = values.cast(MONEY)
    if not _is_small(money):
        edge = true_mask(pc.greater_equal(pc.abs(money), pa.scalar(_LIMIT, MONEY)))
        money, large = blank(money, edge), pc.or_(large, edge)
    return Casted(money, failures((large, TOO_LARGE)))


def _from_text(texts: pa.Array) -> Casted:
    if len(texts) == texts.null_count:
        return Casted(pa.nulls(len(texts), MONEY))
    plain = _plain_numbers(texts)
    if plain is not None:
        return Casted(plain)
    no_number = true_mask(pc.invert(pc.match_substring_regex(texts, NUMBER)))
    texts = blank(texts, no_number)
    if len(texts) == texts.null_count:
        return Casted(pa.nulls(len(texts), MONEY), failures((no_number, NOT_A_NUMBER)))
    floats, _ = salvage(texts, pa.float64(), lambda part: part.cast(pa.float64()))
    simple = true_mask(
        pc.and_(
            pc.less(pc.abs(floats), _SAFE_MAGNITUDE),
            pc.less_equal(pc.binary_length(texts), _WIDE_LENGTH),
        )
    )
    values, rejected = salvage(blank(texts, pc.invert(simple)), MONEY, _rounded)
    exotic = pc.and_(texts.is_valid(), pc.invert(simple))
    if rejected is not None:
        exotic = pc.or_(exotic, rejected)
    too_large = None
    if pc.any(exotic).as_py():
        exact = [_exact(text) for text in texts.filter(exotic).to_pylist()]
        values = pc.replace_with_mask(values, exotic, pa.array(exact, MONEY))
        too_large = pc.and_(exotic, values.is_null())
    return Casted(values, failures((no_number, NOT_A_NUMBER), (too_large, TOO_LARGE)))


def _plain_numbers(texts: pa.Array) -> pa.Array | None:
    """The usual case in three kernels: every value a number that is short and small, else None."""
    longest = pc.max(pc.binary_length(texts)).as_py()
    if longest > _WIDE_LENGTH:
        return None
    try:
        floats = texts.cast(pa.float64())
        bounds = pc.min_max(floats).as_py()
        if not (bounds["min"] > -_SAFE_MAGNITUDE and bounds["max"] < _SAFE_MAGNITUDE):
            return None
        if not pc.all(pc.is_finite(floats)).as_py():
            return None
        if longest <= _NARROW_LENGTH:
            try:
                return texts.cast(MONEY)
            except pa.ArrowInvalid:
                pass
        return _rounded(texts)
    except pa.ArrowInvalid:
        return None


def _rounded(texts: pa.Array) -> pa.Array:
    return pc.round(texts.cast(_WIDE), _PLACES, "half_to_even").cast(MONEY)


def any_decimal(text: str) -> decimal.Decimal | None:
    """A number's text as a decimal, however long.

    Args:
        text: Text that matches `NUMBER`.

    Returns:
        The number; one of an exponent beyond what the type holds is some tiny one, or None where
        it is large.
    """
    try:
        return decimal.Decimal(text)
    except decimal.InvalidOperation:
        # The exponent has more than 18 digits: what stands before it no longer matters.
        digits, _, exponent = text.lower().partition("e")
        if not digits.strip("+-0."):
            return decimal.Decimal(0)
        return decimal.Decimal("1e-999") if exponent.startswith("-") else None


def _exact(text: str) -> decimal.Decimal | None:
    """One number by Python's decimal, for lengths and exponents Arrow's parser cannot hold."""
    number = any_decimal(text)
    if number is None:
        return None
    with decimal.localcontext() as context:
        context.prec = len(text) + 40
        context.Emax, context.Emin = decimal.MAX_EMAX, decimal.MIN_EMIN
        if number and number.adjusted() >= _PLACES:
            return None
        rounded = number.quantize(_QUANTUM, decimal.ROUND_HALF_EVEN)
    return rounded if abs(rounded) < _LIMIT else None

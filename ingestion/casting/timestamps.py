"""Timestamps and dates: naive UTC microseconds from ISO text or Arrow timestamps of any unit."""

import datetime as dt

import pyarrow as pa

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

NOT_A_TIMESTAMP = "is not an ISO 8601 timestamp"
NOT_A_DATE = "is not an ISO 8601 date"

_NAIVE = pa.timestamp("us")
_UTC = pa.timestamp("us", "UTC")
# What Python and every reader of the lake can show.
_FIRST, _LAST = (
    pa.scalar(moment, _NAIVE).cast(pa.int64()).as_py()
    for moment in (dt.datetime.min, dt.datetime.max)
)
_DAY = 86_400_000_000
_ISO = (
    r"^\d{4}-\d{2}-\d{2}"
    r"([T ]\d{2}(:\d{2}(:\d{2}([.,]\d+)?)?)?\s*(Z|UTC|[+-]\d{2}(:?\d{2})?)?)?$"
)
_ZONE = r"(Z|[T ]\d{2}[^-]*[+-]\d{2}(:?\d{2})?)$"


def to_timestamp(values: pa.Array) -> Casted:
    """Cast to naive UTC timestamps in microseconds.

    Args:
        values: ISO 8601 text (a date, or a date and time with `T` or a space, a fraction of any
            length, and `Z`, an offset or no zone, which means UTC), Arrow timestamps or dates.

    Returns:
        Timestamps; fractions beyond microseconds are cut off; everything else fails, and what
        lies outside the years 1 to 9999 of UTC.
    """
    casted = _to_stamps(values)
    outside = _outside(casted.values.view(pa.int64()), _FIRST, _LAST)
    if outside is None:
        return casted
    found = failures((outside, NOT_A_TIMESTAMP))
    return Casted(blank(casted.values, outside), [*casted.failures, *found])


def _outside(counts: pa.Array, first: int, last: int) -> pa.Array | None:
    """Where counts since 1970 leave the calendar, None where they never do."""
    bounds = pc.min_max(counts).as_py()
    if bounds["min"] is None or (bounds["min"] >= first and bounds["max"] <= last):
        return None
    return true_mask(pc.or_(pc.less(counts, first), pc.greater(counts, last)))


def _to_stamps(values: pa.Array) -> Casted:
    kind = values.type
    if kind == _NAIVE:
        return Casted(values)
    if pa.types.is_null(kind):
        return Casted(pa.nulls(len(values), _NAIVE))
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return _from_arrow(values)
    if pa.types.is_dictionary(kind) or not pa.types.is_primitive(kind):
        if pa.types.is_nested(kind):
            return all_failing(values, _NAIVE, NOT_A_TIMESTAMP)
        texts = to_text(values)
        parsed = _from_text(texts.values)
        return Casted(parsed.values, [*texts.failures, *parsed.failures])
    return all_failing(values, _NAIVE, NOT_A_TIMESTAMP)


def to_date(values: pa.Array) -> Casted:
    """Cast to dates, the UTC day of a timestamp.

    Args:
        values: As for `to_timestamp`.

    Returns:
        Dates; what is no date or timestamp fails.
    """
    if pa.types.is_date32(values.type):
        outside = _outside(values.view(pa.int32()), _FIRST // _DAY, _LAST // _DAY)
        if outside is None:
            return Casted(values)
        return Casted(blank(values, outside), failures((outside, NOT_A_DATE)))
    stamps = to_timestamp(values)
    renamed = [
        Failure(failure.mask, NOT_A_DATE if failure.reason == NOT_A_TIMESTAMP else failure.reason)
        for failure in stamps.failures
    ]
    return Casted(stamps.values.cast(pa.date32()), renamed)


def _from_arrow(values: pa.Array) -> Casted:
    naive = values
    if pa.types.is_timestamp(values.type) and values.type.tz:
        naive = values.cast(pa.timestamp(values.type.unit))
    if pa.types.is_timestamp(naive.type) and naive.type.unit == "ns":
        return Casted(naive.cast(_NAIVE, safe=False))
    stamps, bad = salvage(naive, _NAIVE, lambda part: part.cast(_NAIVE))
    return Casted(stamps, failures((bad, NOT_A_TIMESTAMP)))


def _from_text(texts: pa.Array) -> Casted:
    if len(texts) == texts.null_count:
        return Casted(pa.nulls(len(texts), _NAIVE))
    for target in (_NAIVE, _UTC):
        try:
            return Casted(texts.cast(target).cast(_NAIVE))
        except pa.ArrowInvalid:
            continue
    upper = pc.ascii_upper(texts)
    bad = true_mask(pc.invert(pc.match_substring_regex(upper, _ISO)))
    iso = blank(upper, bad)
    iso = pc.replace_substring_regex(iso, r"[.,](\d{1,6})\d*", r".\1")
    iso = pc.replace_substring_regex(iso, r"\s*(Z|UTC)$", "Z")
    iso = pc.replace_substring_regex(iso, r"\s+([+-]\d{2}(:?\d{2})?)$", r"\1")
    zoned = true_mask(pc.match_substring_regex(iso, _ZONE))
    with_zone, bad_zoned = salvage(
        blank(iso, pc.invert(zoned)), _NAIVE, lambda part: part.cast(_UTC).cast(_NAIVE)
    )
    without, bad_naive = salvage(blank(iso, zoned), _NAIVE, lambda part: part.cast(_NAIVE))
    stamps = pc.coalesce(with_zone, without)
    return Casted(
        stamps,
        failures(
            (bad, NOT_A_TIMESTAMP), (bad_zoned, NOT_A_TIMESTAMP), (bad_naive, NOT_A_TIMESTAMP)
        ),
    )

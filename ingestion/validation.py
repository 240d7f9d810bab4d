"""One chunk of rows against a contract: good rows in lake types, bad rows with their reasons."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce

import pyarrow as pa

from ingestion.casting import CASTS, Failure
from ingestion.casting.result import failures, true_mask
from ingestion.casting.text import to_text
from ingestion.contracts.model import Column, Contract
from ingestion.kernels import pc
from ingestion.readers import Chunk

_VALUE_CHARACTERS = 1000


@dataclass(frozen=True)
class Rejected:
    """Rows that broke the contract, one entry each.

    Attributes:
        row_numbers: 1-based data rows.
        column_names: First failing column in contract order, published spelling.
        values: The failing value as text, at most 1000 characters.
        reasons: The first reason, with the others after it.
    """

    row_numbers: pa.Array
    column_names: pa.Array
    values: pa.Array
    reasons: pa.Array


@dataclass(frozen=True)
class Checked:
    """A chunk after its check.

    Attributes:
        values: Good rows in lake types, one array per contract column in contract order.
        row_numbers: Their 1-based data rows.
        rejected: The other rows, None when there are none.
    """

    values: list[pa.Array]
    row_numbers: pa.Array
    rejected: Rejected | None


def check_chunk(contract: Contract, chunk: Chunk) -> Checked:
    """Cast and check a chunk.

    Args:
        contract: The contract of the chunk's table.
        chunk: Rows as a reader yields them.

    Returns:
        Good rows and rejected rows; together they are the chunk's rows.
    """
    count = len(chunk.row_numbers)
    values: dict[str, pa.Array] = {}
    found: list[tuple[Column, Failure]] = []
    for column in contract.columns:
        raw = chunk.columns.get(column.published)
        if raw is None:
            values[column.published] = pa.nulls(count, column.arrow_type)
            if column.required and count:
                found.append((column, Failure(pa.repeat(True, count), "is missing")))
            continue
        if pa.types.is_dictionary(raw.type) and not pa.types.is_string(raw.type.value_type):
            raw = raw.dictionary_decode()
        casted = CASTS[column.kind](_without_null_words(column, raw))
        cast_values = pc.utf8_lower(casted.values) if column.choices else casted.values
        values[column.published] = cast_values
        found += [(column, failure) for failure in casted.failures]
        found += [(column, failure) for failure in _missing(column, cast_values, casted.failures)]
        found += [(column, failure) for failure in _out_of_range(column, cast_values)]
    found += _not_above(contract, values)
    found += _too_long(contract, values)
    row_numbers = pa.array(chunk.row_numbers)
    if not found:
        return Checked(list(values.values()), row_numbers, None)
    bad = reduce(pc.or_, [failure.mask for _, failure in found])
    keep = pc.invert(bad)
    found.sort(key=lambda pair: contract.columns.index(pair[0]))
    return Checked(
        [array.filter(keep) for array in values.values()],
        row_numbers.filter(keep),
        _rejected(chunk, bad, found),
    )


def _without_null_words(column: Column, raw: pa.Array) -> pa.Array:
    """The values without the words that mean none."""
    if not column.null_words or pa.types.is_temporal(raw.type):
        return raw
    if pa.types.is_dictionary(raw.type):
        raw = raw.dictionary_decode()
    words = pc.is_in(to_text(raw).values, pa.array(column.null_words))
    return pc.if_else(words, pa.scalar(None, raw.type), raw)


def _missing(column: Column, values: pa.Array, failed: list[Failure]) -> list[Failure]:
    if not column.required or not values.null_count:
        return []
    missing = values.is_null()
    for failure in failed:
        missing = pc.and_not(missing, failure.mask)
    return failures((missing, "is missing"))


def _out_of_range(column: Column, values: pa.Array) -> Iterator[Failure]:
    if column.choices:
        legal = pc.is_in(values, pa.array(column.choices))
        outside = pc.and_(values.is_valid(), pc.invert(legal))
        yield from failures((outside, f"is not one of {', '.join(column.choices)}"))
    if column.minimum is None and column.maximum is None and column.above is None:
        return
    bounds = pc.min_max(values).as_py()
    if bounds["min"] is None:
        return
    if column.minimum is not None and bounds["min"] < column.minimum:
        limit = pa.scalar(column.minimum).cast(values.type)
        yield from failures((pc.less(values, limit), f"is below {column.minimum:g}"))
    if column.above is not None and bounds["min"] <= column.above:
        limit = pa.scalar(column.above).cast(values.type)
        yield from failures((pc.less_equal(values, limit), f"is not above {column.above:g}"))
    if column.maximum is not None and bounds["max"] > column.maximum:
        limit = pa.scalar(column.maximum).cast(values.type)
        yield from failures((pc.greater(values, limit), f"is above {column.maximum:g}"))


def _not_above(contract: Contract, values: dict[str, pa.Array]) -> list[tuple[Column, Failure]]:
    found = []
    for lower, upper in contract.not_above:
        over = pc.greater(values[lower], values[upper])
        for failure in failures((over, f"is above {upper}")):
            found.append((contract.column(lower), failure))
    return found


def _too_long(contract: Contract, values: dict[str, pa.Array]) -> list[tuple[Column, Failure]]:
    found = []
    for start, end, days in contract.within_days:
        over = pc.greater(pc.days_between(values[start], values[end]), days)
        for failure in failures((over, f"is more than {days:,} days after {start}")):
            found.append((contract.column(end), failure))
    return found


def _rejected(chunk: Chunk, bad: pa.Array, found: list[tuple[Column, Failure]]) -> Rejected:
    """The bad rows, with the columns they failed in, by kernels and not row by row."""
    row_numbers = pa.array(chunk.row_numbers).filter(bad)
    nothing = pa.nulls(len(row_numbers), pa.string())
    names, values, reasons = nothing, nothing, nothing
    for column, failure in found:
        failed = true_mask(failure.mask.filter(bad))
        first = pc.and_(failed, names.is_null())
        raw = chunk.columns.get(column.published)
        text = nothing if raw is None else _as_text(raw.filter(bad))
        also = pc.binary_join_element_wise(
            reasons, f"{column.published}: {failure.reason}", "; also "
        )
        reasons = pc.if_else(first, failure.reason, pc.if_else(failed, also, reasons))
        names = pc.if_else(first, column.published, names)
        values = pc.if_else(first, text, values)
    return Rejected(row_numbers, names, values, reasons)


def _as_text(raw: pa.Array) -> pa.Array:
    if pa.types.is_large_binary(raw.type):
        raw = raw.cast(pa.binary())
    if pa.types.is_binary(raw.type) or pa.types.is_fixed_size_binary(raw.type):
        # Shown, not loaded: bytes that are no UTF-8 become replacement characters.
        raw = pa.array(
            [
                None if value is None else value.decode("utf-8", "replace")
                for value in raw.to_pylist()
            ],
            pa.string(),
        )
    return pc.utf8_slice_codeunits(to_text(raw).values, 0, _VALUE_CHARACTERS)

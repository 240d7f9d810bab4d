"""What a cast gives back, and how the values that one Arrow kernel rejects are found."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pyarrow as pa

from ingestion.kernels import pc


@dataclass(frozen=True)
class Failure:
    """Rows that failed for one reason.

    Attributes:
        mask: True for each failing row, without nulls; as long as the values.
        reason: What is wrong, worded to follow the column's name.
    """

    mask: pa.BooleanArray
    reason: str


@dataclass(frozen=True)
class Casted:
    """Values in their lake type; failing rows are null there and named in `failures`."""

    values: pa.Array
    failures: list[Failure] = field(default_factory=list)


def blank(values: pa.Array, mask: pa.Array) -> pa.Array:
    """The values with null where the mask is true."""
    return pc.if_else(mask, pa.scalar(None, values.type), values)


def true_mask(mask: pa.Array) -> pa.BooleanArray:
    """The mask with false for null."""
    return pc.fill_null(mask, False) if mask.null_count else mask


def failures(*found: tuple[pa.Array | None, str]) -> list[Failure]:
    """One failure for each mask that is true anywhere."""
    kept = []
    for mask, reason in found:
        if mask is not None:
            clean = true_mask(mask)
            if pc.any(clean).as_py():
                kept.append(Failure(clean, reason))
    return kept


def all_failing(values: pa.Array, target: pa.DataType, reason: str) -> Casted:
    """Every value fails; nulls stay nulls without a failure."""
    return Casted(pa.nulls(len(values), target), failures((values.is_valid(), reason)))


def salvage(
    values: pa.Array, target: pa.DataType, convert: Callable[[pa.Array], pa.Array]
) -> tuple[pa.Array, pa.BooleanArray | None]:
    """Convert what can be converted, isolating the rest by bisection.

    Args:
        values: The values to convert.
        target: The type `convert` returns.
        convert: A vectorised conversion that raises `pa.ArrowInvalid` when any value is bad.

    Returns:
        The converted values with null where conversion failed, and the mask of those rows, or None
        when there are none.
    """
    try:
        return convert(values), None
    except pa.ArrowInvalid:
        if len(values) == 1:
            return pa.nulls(1, target), pa.array([True])
    middle = len(values) // 2
    halves = [salvage(part, target, convert) for part in (values[:middle], values[middle:])]
    masks = [
        pa.repeat(pa.scalar(False), len(part)) if mask is None else mask for part, mask in halves
    ]
    return pa.concat_arrays([part for part, _ in halves]), pa.concat_arrays(masks)

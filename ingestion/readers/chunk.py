"""What every reader yields: columns of consecutive rows, their numbers, and rows beyond reading."""

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa


@dataclass(frozen=True)
class BadRow:
    """A row that could not be read into columns.

    Attributes:
        row_number: 1-based data row in the file.
        value: The start of its raw text.
        reason: What is wrong with it.
    """

    row_number: int
    value: str
    reason: str


@dataclass(frozen=True)
class Chunk:
    """Rows of a file.

    Attributes:
        columns: Arrow arrays of equal length by published column name; a column the file lacks is
            absent.
        row_numbers: 1-based data row of each row in the file.
        bad: Rows that could not be read.
    """

    columns: dict[str, pa.Array]
    row_numbers: np.ndarray
    bad: list[BadRow] = field(default_factory=list)


def raw_text(value: bytes | str) -> str:
    """The start of a raw row, as quarantine keeps it."""
    if isinstance(value, bytes):
        value = value[:4000].decode("utf-8", errors="replace")
    return value[:1000]

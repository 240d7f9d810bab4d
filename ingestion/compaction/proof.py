"""Proof that a new file holds what the old ones held: counts, exact sums, every value."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Context, Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from ingestion.errors import InputError
from ingestion.kernels import pc

# Wide enough for a sum of any number of decimal(38): it never rounds.
_EXACT = Context(prec=200)


@dataclass
class Totals:
    """How many rows there are, and what they add up to.

    Attributes:
        rows: Rows.
        sums: Exact sums by decimal column.
    """

    rows: int = 0
    sums: dict[str, Decimal] = field(default_factory=dict)

    def add(self, rows: pa.Table) -> None:
        """Counts more rows."""
        self.rows += len(rows)
        for column in rows.schema:
            if pa.types.is_decimal(column.type):
                # In 256 bits: Arrow's own sum of decimal(38) overflows without a word.
                wide = rows.column(column.name).cast(pa.decimal256(76, column.type.scale))
                told = pc.sum(wide).as_py() or Decimal(0)
                self.sums[column.name] = _EXACT.add(self.sums.get(column.name, Decimal(0)), told)

    def plus(self, other: "Totals") -> "Totals":
        """Both together."""
        names = self.sums.keys() | other.sums.keys()
        zero = Decimal(0)
        return Totals(
            self.rows + other.rows,
            {n: _EXACT.add(self.sums.get(n, zero), other.sums.get(n, zero)) for n in names},
        )

    def nonzero(self) -> dict[str, Decimal]:
        """Sums without the columns that add up to nothing."""
        return {name: value for name, value in sorted(self.sums.items()) if value}


def require_whole(table: str, rows: int, files: Iterable[Path]) -> None:
    """So many rows were read as the files say they have.

    Raises:
        InputError: They were not; nothing must be removed then.
    """
    told = sum(pq.read_metadata(file).num_rows for file in files)
    if rows != told:
        raise InputError(
            f"compaction of {table} stopped, nothing was removed: {rows} of {told} rows were read; "
            "please report it"
        )


def require_conserved(table: str, before: Totals, after: Totals, removed: Totals) -> None:
    """Before = after + removed, in rows and in every sum.

    Raises:
        InputError: It is not; nothing must be removed then.
    """
    together = after.plus(removed)
    if (before.rows, before.nonzero()) != (together.rows, together.nonzero()):
        raise InputError(
            f"compaction of {table} stopped, nothing was removed: of {before.rows} rows "
            f"{after.rows} were written and {removed.rows} left out, or their sums differ; "
            "please report it"
        )


def require_same(table: str, wanted: Iterable[pa.Table], written: Iterable[pa.Table]) -> None:
    """Both streams hold the same values in the same order, bit by bit.

    Raises:
        InputError: They do not; nothing must be removed then.
    """
    left, right = _chunks(wanted), _chunks(written)
    one, other = next(left, None), next(right, None)
    while one is not None and other is not None:
        size = min(len(one), len(other))
        if not _bits(one.slice(0, size)).equals(_bits(other.slice(0, size))):
            break
        one = one.slice(size) if len(one) > size else next(left, None)
        other = other.slice(size) if len(other) > size else next(right, None)
    if one is not None or other is not None:
        raise InputError(
            f"compaction of {table} stopped, nothing was removed: the new file does not hold what "
            "the old ones hold; please report it"
        )


def _chunks(stream: Iterable[pa.Table]) -> Iterator[pa.Table]:
    return (rows for rows in stream if len(rows))


def _bits(rows: pa.Table) -> pa.Table:
    """Floats as the integers of their bits: not-a-number is equal to itself, 0 is not -0."""
    whole = rows.combine_chunks()
    return pa.table(
        {
            name: column.chunk(0).view(pa.int64()) if column.type == pa.float64() else column
            for name, column in zip(whole.column_names, whole.columns, strict=True)
        }
    )

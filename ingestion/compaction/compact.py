"""Rewriting the files of a lake table: write, prove, swap."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from ingestion.compaction import choice, rows
from ingestion.compaction.loads import merge_loads
from ingestion.compaction.outcome import TableOutcome
from ingestion.compaction.proof import Totals, require_conserved, require_same, require_whole
from ingestion.compaction.superseded import Superseded
from ingestion.compaction.swap import Step, Swap, carry_out, recover, staged
from ingestion.kernels import pc
from ingestion.lake import DATASET, Lake


def compact(
    home: Path,
    superseded: Mapping[str, Superseded] | None = None,
    small: int = choice.SMALL_BYTES,
    on_step: Step = lambda _: None,
) -> Iterator[TableOutcome]:
    """Merge small files of every table, and remove what no longer counts.

    Rows keep their columns and values, the load id among them: to every reader of the lake nothing
    has changed, but for the rows that were removed. Before files are removed, the new file is read
    back from the disk and proved to hold every row that is kept; rows and exact decimal sums before
    are those after plus those removed.

    Args:
        home: The home folder, of which this process holds the lock; the lake is `home/lake`.
        superseded: What may be removed, by table; nothing where it is left out.
        small: Files below so many bytes are merged.
        on_step: Told of each step before it is taken.

    Yields:
        What became of each table that has Parquet files, when it is done.

    Raises:
        InputError: The proof failed, or an earlier compaction cannot be ended; the lake is whole.
        OSError: The lake cannot be written; it is whole.
    """
    recover(home, on_step)
    complete = frozenset(Lake(home).complete_loads())
    work = _Work(home, Lake(home), complete, small, on_step)
    for table in sorted({path.parent.name for path in (home / DATASET).glob("*/*.parquet")}):
        yield _compact_table(work, table, (superseded or {}).get(table, Superseded()))
    yield merge_loads(home, on_step)


@dataclass(frozen=True)
class _Work:
    """What stays the same from table to table."""

    home: Path
    lake: Lake
    complete: frozenset[str]
    small: int
    on_step: Step


def _compact_table(work: _Work, table: str, superseded: Superseded) -> TableOutcome:
    before = _files(work.lake, table)
    removed = Totals()
    left_alone = None
    for group in choice.groups(work.lake.path(table), work.complete, superseded, work.small):
        try:
            schema = rows.common_schema(group)
        except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
            left_alone = f"{len(group)} files are left as they are: {error}"
            continue
        removed = removed.plus(_rewrite(work, table, group, schema, superseded))
    after = _files(work.lake, table)
    return TableOutcome(
        table=table,
        files_before=len(before),
        files_after=len(after),
        bytes_before=sum(before.values()),
        bytes_after=sum(after.values()),
        rows_removed=removed.rows,
        sums_removed=tuple(removed.nonzero().items()),
        left_alone=left_alone,
    )


def _rewrite(
    work: _Work, table: str, group: list[Path], schema: pa.Schema, superseded: Superseded
) -> Totals:
    """Replaces a group of files by one file; returns what was removed."""
    names = tuple(path.name for path in group)
    name = f"{choice.MERGED}.{hashlib.sha256('/'.join(names).encode()).hexdigest()[:16]}.parquet"
    target = staged(work.home, table, name)
    before, removed, after = Totals(), Totals(), Totals()
    work.on_step("write the new file")
    try:
        with pq.ParquetWriter(target, schema, compression="zstd") as writer:
            for batch in rows.stream(group, schema):
                before.add(batch)
                removed.add(batch.filter(superseded.mask(batch)))
                kept = _kept(batch, superseded)
                if len(kept):
                    writer.write_table(kept, row_group_size=rows.BATCH_ROWS)
        work.on_step("prove the new file")
        require_whole(table, before.rows, group)
        wanted = (_kept(batch, superseded) for batch in rows.stream(group, schema))
        require_same(table, wanted, _counted(rows.stream([target], schema), after))
        require_conserved(table, before, after, removed)
    except Exception:
        target.unlink(missing_ok=True)
        raise
    carry_out(work.home, Swap(table, name, names), work.on_step)
    return removed


def _kept(batch: pa.Table, superseded: Superseded) -> pa.Table:
    return batch.filter(pc.invert(superseded.mask(batch)))


def _counted(stream: Iterator[pa.Table], totals: Totals) -> Iterator[pa.Table]:
    for part in stream:
        totals.add(part)
        yield part


def _files(lake: Lake, table: str) -> dict[str, int]:
    return {path.name: path.stat().st_size for path in lake.path(table).glob("*.parquet")}

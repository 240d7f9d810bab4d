"""Loading: a system's new files into the lake, once; and frames written back the same way."""

import datetime as dt
import importlib
from collections.abc import Callable, Iterator
from pathlib import Path

import dlt
import pyarrow as pa

from ingestion import SYSTEMS
from ingestion.contracts import BOOKKEEPING, CONTRACTS
from ingestion.deliveries import discover
from ingestion.engine import Item, marked, open_pipeline, run
from ingestion.errors import InputError
from ingestion.feed import Feed
from ingestion.lake import Lake
from ingestion.novelty import Novelty
from ingestion.outcomes import FileOutcome, LoadSummary

__all__ = ["FileOutcome", "LoadSummary", "load_system", "write_frames"]


def load_system(
    system: str,
    inputs: Path,
    home: Path,
    on_file: Callable[[FileOutcome], None] | None = None,
) -> LoadSummary:
    """Load what is new in a system's inputs folder into the lake, as one load package.

    Bad rows and files go to quarantine; good rows go on. Content that is in the lake is not loaded
    again. A missing folder leaves typed tables with zero rows.

    Args:
        system: One of `ingestion.SYSTEMS`.
        inputs: The inputs folder, which holds one folder per system.
        home: The home folder; the lake is `home/lake`.
        on_file: Called with the outcome of each new file version, before the load is complete.

    Returns:
        What was loaded; `load_id` is None when nothing was new.

    Raises:
        InputError: If the system is unknown or a folder is not usable.
    """
    if system not in SYSTEMS:
        raise InputError(f"unknown system {system}; there are {', '.join(SYSTEMS)}")
    files = discover(system, inputs)
    pipeline = open_pipeline(system, home)
    lake = Lake(home)
    novelty = Novelty(files, lake.ledger())
    feed = Feed(novelty, dt.datetime.now(dt.UTC).replace(tzinfo=None), on_file)
    items = _peeked(_with_empty_tables(SYSTEMS[system], lake, feed))
    load_id = None
    if items is not None:
        source = importlib.import_module(f"ingestion.{system}").source
        load_id = run(pipeline, source(items))
    outcomes = tuple(feed.outcomes)
    return LoadSummary(
        system=system,
        load_id=load_id,
        files=outcomes,
        rows_read=sum(outcome.rows_read for outcome in outcomes),
        rows_loaded=sum(outcome.rows_loaded for outcome in outcomes),
        rows_quarantined=sum(outcome.rows_quarantined for outcome in outcomes),
        files_unchanged=novelty.unchanged,
        files_duplicate=novelty.duplicate,
    )


def write_frames(tables: dict[str, pa.Table], home: Path, pipeline: str) -> str:
    """Write Arrow tables to the lake as one load package.

    Args:
        tables: Rows by lake table name; a table without rows leaves a typed file.
        home: The home folder; the lake is `home/lake`.
        pipeline: Name of the dlt pipeline.

    Returns:
        The load id.

    Raises:
        InputError: If there is no table, or a folder is not usable.
    """
    if not tables:
        raise InputError(f"{pipeline}: there is no table to write")

    @dlt.source(name=pipeline, max_table_nesting=0)
    def frames() -> Iterator[object]:
        yield dlt.resource(marked(tables.items()), name=pipeline, write_disposition="append")

    return run(open_pipeline(pipeline, home), frames())


def _with_empty_tables(tables: tuple[str, ...], lake: Lake, feed: Feed) -> Iterator[Item]:
    """Typed tables with zero rows where the lake has none, then the feed."""
    for table in (*tables, *BOOKKEEPING):
        if not lake.has_files(table):
            yield table, CONTRACTS[table].empty()
    yield from feed.items()


def _peeked(items: Iterator[Item]) -> Iterator[Item] | None:
    """The same items, or None where there are none."""
    first = next(items, None)
    if first is None:
        return None

    def chained() -> Iterator[Item]:
        yield first
        yield from items

    return chained()

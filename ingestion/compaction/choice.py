"""Which files of a table are merged with which, and which stay as they are."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from ingestion.compaction.superseded import FILE, Superseded
from ingestion.kernels import pc
from ingestion.lake import LOAD_ID

MERGED = "merged"
SMALL_BYTES = 32 << 20
TARGET_BYTES = 256 << 20


@dataclass(frozen=True)
class Candidate:
    """A file that may be rewritten.

    Attributes:
        path: The file.
        first_load: The oldest load it holds rows of; empty where it has no rows.
        size: Bytes.
        has_superseded: Whether any of its rows may be removed.
    """

    path: Path
    first_load: str
    size: int
    has_superseded: bool


def groups(
    folder: Path, complete: frozenset[str], superseded: Superseded, small: int
) -> list[list[Path]]:
    """Files to be rewritten as one file each, oldest first.

    The newest load of a table stays in its own files, by whose names it is found; so do loads that
    are not complete, and files that are large enough and hold nothing to be removed.

    Args:
        folder: The table's.
        complete: Ids of the loads that dlt finished.
        superseded: What may be removed of it.
        small: Files below so many bytes are merged.

    Returns:
        Groups of files; one file alone only where rows are to be removed from it.
    """
    found = sorted(
        _candidates(folder, complete, superseded),
        key=lambda file: (file.first_load, file.path.name),
    )
    made: list[list[Candidate]] = [[]]
    for file in found:
        if file.size >= small and not file.has_superseded:
            continue
        if sum(member.size for member in made[-1]) + file.size > TARGET_BYTES:
            made.append([])
        made[-1].append(file)
    return [
        [file.path for file in group]
        for group in made
        if len(group) > 1 or any(file.has_superseded for file in group)
    ]


def _candidates(
    folder: Path, complete: frozenset[str], superseded: Superseded
) -> Iterator[Candidate]:
    loads = {path: path.name.rsplit(".", 2)[0] for path in folder.glob("*.parquet")}
    newest = max((load for load in loads.values() if load in complete), key=float, default=None)
    for path, load in loads.items():
        if load == newest or (load not in complete and load != MERGED):
            continue
        columns = [FILE, LOAD_ID] if superseded.versions else [LOAD_ID]
        rows = pq.ParquetFile(path).read(columns=columns)
        held = pc.unique(rows.column(LOAD_ID).cast(pa.string())).to_pylist()
        if not complete.issuperset(held):
            continue
        yield Candidate(
            path=path,
            first_load=min(held, default=""),
            size=path.stat().st_size,
            has_superseded=bool(pc.any(superseded.mask(rows)).as_py()),
        )

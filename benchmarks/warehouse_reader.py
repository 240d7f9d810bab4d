"""Readers of a published warehouse, each a process of its own, until told to stop.

    python -m benchmarks.warehouse_reader WAREHOUSE READERS STOP_FILE RESULTS_FOLDER PAUSE_S

Each opens the file read-only, opens it again when it has become another file, and checks in every
snapshot that the cost mart holds the bill to the last digit.
"""

import json
import os
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

import duckdb

_CONSERVATION = (Path(__file__).parent / "sql" / "conservation.sql").read_text(encoding="utf-8")


@dataclass
class Reading:
    """What one reader saw.

    Attributes:
        queries: Checks that were answered.
        snapshots: Warehouses it opened one after the other, by number of loads.
        failures: Opens and queries that failed.
        torn: Snapshots in which bill and mart differ.
        slowest_s: The longest that one look took, opening included.
        total_s: All looks together.
    """

    queries: int = 0
    snapshots: list[int] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    torn: list[str] = field(default_factory=list)
    slowest_s: float = 0.0
    total_s: float = 0.0


def read_until(warehouse: Path, stop: Path, pause_s: float) -> Reading:
    """Looks again and again, at least once, until a file appears.

    Args:
        warehouse: The published file; it must exist.
        stop: The file that ends it.
        pause_s: Seconds between two looks.
    """
    reading = Reading()
    connection: duckdb.DuckDBPyConnection | None = None
    opened: tuple[int, ...] | None = None
    while True:
        last = stop.exists()
        began = time.perf_counter()
        try:
            identity = _identity(warehouse)
            if connection is None or identity != opened:
                if connection is not None:
                    connection.close()
                connection = duckdb.connect(warehouse, read_only=True, config={"threads": 1})
                opened = identity
                reading.snapshots.append(connection.table("ops.loads").count("*").fetchall()[0][0])
            different = connection.execute(_CONSERVATION).fetchall()
            reading.queries += 1
            if different:
                reading.torn.append(str(different[:2]))
        except (duckdb.Error, OSError) as error:
            reading.failures.append(f"{type(error).__name__}: {error}")
        took = time.perf_counter() - began
        reading.slowest_s = max(reading.slowest_s, took)
        reading.total_s += took
        if last:
            return reading
        time.sleep(pause_s)


def _identity(path: Path) -> tuple[int, ...]:
    found = path.stat()
    return found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size


def _fork_readers(warehouse: Path, readers: int, stop: Path, results: Path, pause_s: float) -> int:
    """One process each; forked before a file is open, so that none is shared."""
    children = []
    for number in range(readers):
        child = os.fork()
        if child == 0:
            told = json.dumps(asdict(read_until(warehouse, stop, pause_s)))
            (results / f"reader-{number}.json").write_text(told, encoding="utf-8")
            os._exit(0)
        children.append(child)
    return max(os.waitpid(child, 0)[1] for child in children)


def readings(results: Path) -> list[Reading]:
    """What all readers saw, once their process has ended."""
    return [
        Reading(**json.loads(path.read_text(encoding="utf-8")))
        for path in sorted(results.glob("reader-*.json"))
    ]


if __name__ == "__main__":
    path, count, stop_file, folder, pause = sys.argv[1:]
    sys.exit(
        _fork_readers(Path(path), int(count), Path(stop_file), Path(folder), float(pause)) and 1
    )

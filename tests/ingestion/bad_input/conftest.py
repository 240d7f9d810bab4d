"""Files in, what the feed makes of them out: no lake, so that a case costs milliseconds."""

import datetime as dt
import gzip
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ingestion.contracts import CONTRACTS
from ingestion.deliveries import discover
from ingestion.feed import Feed
from ingestion.novelty import Novelty
from ingestion.outcomes import FileOutcome

# Row number, column name, value, reason.
Bad = tuple[int | None, str | None, str | None, str]


@dataclass(frozen=True)
class Taken:
    """What one pass over a system's folder gave.

    Attributes:
        outcomes: Each file's outcome by its name.
        good: Rows for the lake.
        bad: Quarantine rows of all files, in their order.
        ledger: Ledger rows.
    """

    outcomes: dict[str, FileOutcome]
    good: list[dict[str, Any]]
    bad: list[dict[str, Any]]
    ledger: list[dict[str, Any]]

    def column(self, name: str) -> list[Any]:
        return [row[name] for row in self.good]

    @property
    def quarantine(self) -> list[Bad]:
        return [
            (row["row_number"], row["column_name"], row["value"], row["reason"]) for row in self.bad
        ]

    @property
    def messages(self) -> list[str | None]:
        return [outcome.message for outcome in self.outcomes.values()]


@dataclass(frozen=True)
class Intake:
    """An inputs folder and the feed over it."""

    inputs: Path

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.inputs / name
        path.parent.mkdir(parents=True, exist_ok=True)
        raw = content if isinstance(content, bytes) else content.encode("utf-8")
        path.write_bytes(gzip.compress(raw) if name.endswith(".gz") else raw)
        return path

    def write_raw(self, name: str, content: bytes) -> Path:
        """The bytes as they are, also where the name says gzip."""
        path = self.inputs / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def write_parquet(self, name: str, table: pa.Table, **options: Any) -> Path:
        path = self.inputs / name
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(table, path, **options)
        return path

    def take(self, system: str, ledger: list[dict[str, Any]] | None = None) -> Taken:
        """Everything new of a system; checks that every file's counts add up."""
        schema = CONTRACTS["load_ledger"].schema
        known = pa.Table.from_pylist(ledger or [], schema)
        feed = Feed(Novelty(discover(system, self.inputs), known), dt.datetime(2026, 1, 1))
        tables: dict[str, list[dict[str, Any]]] = {}
        for table, rows in feed.items():
            assert rows.schema == CONTRACTS[table].schema
            rows.validate(full=True)
            tables.setdefault(table, []).extend(rows.to_pylist())
        bad = tables.pop("quarantine", [])
        ledger_rows = tables.pop("load_ledger", [])
        good = [row for rows in tables.values() for row in rows]
        for outcome in feed.outcomes:
            mine = [row for row in good if row["_file"] == outcome.file]
            spoilt = [row for row in bad if row["file"] == outcome.file]
            assert outcome.rows_read == outcome.rows_loaded + outcome.rows_quarantined
            assert (outcome.rows_loaded, outcome.rows_quarantined) == (len(mine), len(spoilt))
            numbers = [row["_row_number"] for row in mine] + [
                row["row_number"] for row in spoilt if row["row_number"] is not None
            ]
            assert len(numbers) == len(set(numbers)), "a row went two ways"
        return Taken({each.file: each for each in feed.outcomes}, good, bad, ledger_rows)


@pytest.fixture
def intake(tmp_path: Path) -> Intake:
    inputs = tmp_path / "inputs"
    inputs.mkdir()
    return Intake(inputs)

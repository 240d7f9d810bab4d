"""The lake: a folder of append-only Parquet tables, of which only complete loads count."""

import json
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.dataset as ds

from ingestion.contracts import CONTRACTS
from ingestion.kernels import pc

DATASET = "lake"
LOAD_ID = "_dlt_load_id"


class Lake:
    """Reads the lake below a home folder.

    Args:
        home: The home folder; it need not exist.
    """

    def __init__(self, home: Path) -> None:
        self._root = home / DATASET

    def path(self, table: str) -> Path:
        """The folder of a table's Parquet files."""
        return self._root / table

    def has_files(self, table: str) -> bool:
        """Whether a table has any Parquet file, so that reading it does not fail."""
        return any(self._files(table))

    def complete_loads(self) -> set[str]:
        """Ids of the loads that dlt finished."""
        loads = (
            json.loads(line)
            for path in self.path("_dlt_loads").glob("*.jsonl")
            for line in path.read_text("utf-8").splitlines()
            if line.strip()
        )
        return {load["load_id"] for load in loads if load["status"] == 0}

    def ledger(self) -> pa.Table:
        """The load ledger, complete loads only.

        Returns:
            Its rows in the order they were loaded, with `_dlt_load_id`.
        """
        schema = CONTRACTS["load_ledger"].schema.append(pa.field(LOAD_ID, pa.string()))
        rows = ds.dataset(sorted(map(str, self._files("load_ledger"))), schema=schema).to_table()
        complete = pa.array(sorted(self.complete_loads()), pa.string())
        rows = rows.filter(pc.is_in(rows.column(LOAD_ID), complete))
        return rows.sort_by([(LOAD_ID, "ascending"), ("loaded_at", "ascending")])

    def remove_incomplete(self, load_ids: Iterable[str]) -> None:
        """Remove the files of loads that were given up before they were complete."""
        for load_id in set(load_ids) - self.complete_loads():
            for path in self._root.glob(f"*/{load_id}.*"):
                path.unlink()

    def _files(self, table: str) -> Iterable[Path]:
        return self.path(table).glob("*.parquet")

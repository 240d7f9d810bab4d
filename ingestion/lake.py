"""The lake: a folder of append-only Parquet tables, of which only complete loads count."""

import json
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from fnmatch import fnmatch
from functools import cached_property
from pathlib import Path
from typing import Any, cast

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from ingestion.contracts import CONTRACTS
from ingestion.errors import InputError
from ingestion.kernels import pc
from ingestion.lake_place import DATASET, LakePlace, lake_place

__all__ = ["DATASET", "LOAD_ID", "Lake"]

LOAD_ID = "_dlt_load_id"
_AT_ONCE = 16


class Lake:
    """Reads the lake of a home folder, wherever it is.

    Args:
        home: The home folder; it need not exist.
    """

    def __init__(self, home: Path) -> None:
        self._home = home

    @cached_property
    def place(self) -> LakePlace:
        """Where it is."""
        return lake_place(self._home)

    def path(self, table: str) -> Path:
        """The folder of a table's Parquet files.

        Raises:
            InputError: The lake is in a bucket.
        """
        if self.place.bucket_url is not None:
            raise InputError(f"{self.place.url} is in a bucket, and no folder of this machine")
        return self._home / DATASET / table

    def files(self, table: str | None = None) -> list[str]:
        """Parquet files of a table, or of all, as the place's file system names them."""
        return self._found(table, "*.parquet")

    def has_files(self, table: str) -> bool:
        """Whether a table has any Parquet file, so that reading it does not fail."""
        return bool(self.files(table))

    def read(self, files: Iterable[str], schema: pa.Schema) -> pa.Table:
        """The rows of some files, columns in the order of the schema.

        Args:
            files: Of `files`; in any order, none gives no rows.
            schema: Columns and their types; one that a file lacks is null.
        """
        found = ds.dataset(sorted(files), schema=schema, filesystem=self.place.files)
        return found.to_table()

    def columns(self, file: str, names: Sequence[str]) -> pa.Table:
        """Some columns of one file."""
        with self.place.files.open(file, "rb") as opened:
            return pq.ParquetFile(opened).read(columns=list(names))

    def size_bytes(self) -> int:
        """What all Parquet files take."""
        found = self.place.files.find(self.place.root, maxdepth=2, detail=True)
        told = cast("dict[str, dict[str, Any]]", found)
        return sum(info["size"] for name, info in told.items() if name.endswith(".parquet"))

    def complete_loads(self) -> set[str]:
        """Ids of the loads that dlt finished."""
        files = self._found("_dlt_loads", "*.jsonl")
        # Many at once: a bucket answers many questions in the time of one.
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            told = list(pool.map(self.place.files.cat_file, files))
        loads = (
            json.loads(line)
            for text in told
            for line in cast("bytes", text).decode("utf-8").splitlines()
            if line.strip()
        )
        return {load["load_id"] for load in loads if load["status"] == 0}

    def complete(self, table: str, schema: pa.Schema) -> pa.Table:
        """Rows of a table's complete loads.

        Args:
            table: A lake table.
            schema: Its columns; `_dlt_load_id` is appended.
        """
        rows = self.read(self.files(table), schema.append(pa.field(LOAD_ID, pa.string())))
        loads = pa.array(sorted(self.complete_loads()), pa.string())
        return rows.filter(pc.is_in(rows.column(LOAD_ID), loads))

    def ledger(self) -> pa.Table:
        """The load ledger, complete loads only.

        Returns:
            Its rows in the order they were loaded, with `_dlt_load_id`.
        """
        rows = self.complete("load_ledger", CONTRACTS["load_ledger"].schema)
        return rows.sort_by([(LOAD_ID, "ascending"), ("loaded_at", "ascending")])

    def remove_incomplete(self, load_ids: Iterable[str]) -> None:
        """Remove the files of loads that were given up before they were complete."""
        for load_id in set(load_ids) - self.complete_loads():
            for file in self._found(None, f"{load_id}.*"):
                self.place.files.rm_file(file)

    def _found(self, table: str | None, pattern: str) -> list[str]:
        """Files by name, as they are now: a bucket's listing is kept otherwise."""
        place = self.place
        place.files.invalidate_cache()
        folder, depth = (f"{place.root}/{table}", 1) if table else (place.root, 2)
        names = map(str, place.files.find(folder, maxdepth=depth))
        return sorted(name for name in names if fnmatch(name.rsplit("/", 1)[-1], pattern))

"""A small workplace: an inputs folder, a home, and the lake read back with pyarrow."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from ingestion.lake import Lake
from ingestion.load import LoadSummary, load_system

GPU_HEADER = "timestamp,gpu_uuid,DCGM_FI_DEV_GPU_UTIL"


@dataclass
class Workplace:
    inputs: Path
    home: Path

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.inputs / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return path

    def write_parquet(self, name: str, table: pa.Table) -> Path:
        path = self.inputs / name
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(table, path)
        return path

    def load(self, system: str) -> LoadSummary:
        return load_system(system, self.inputs, self.home)

    def table(self, name: str) -> pa.Table:
        """Rows of complete loads, as any reader of the lake sees them."""
        lake = Lake(self.home)
        files = sorted(lake.path(name).glob("*.parquet"))
        table = pa.concat_tables([pq.read_table(file, partitioning=None) for file in files])
        loads = pa.array(sorted(lake.complete_loads()), pa.string())
        return table.filter(pc.is_in(table["_dlt_load_id"].cast(pa.string()), loads))

    def rows(self, name: str) -> list[dict[str, Any]]:
        return self.table(name).to_pylist()

    def column(self, table: str, name: str) -> list[Any]:
        return self.table(table)[name].to_pylist()

    def assert_counts_hold(self) -> None:
        """Read = loaded + quarantined, and both are the rows that are really there."""
        for row in self.rows("load_ledger"):
            assert row["rows_read"] == row["rows_loaded"] + row["rows_quarantined"]
            load, name = row["_dlt_load_id"], row["file"]
            quarantined = [
                bad
                for bad in self.rows("quarantine")
                if (bad["_dlt_load_id"], bad["file"]) == (load, name)
            ]
            loaded = [
                good
                for good in self.rows(row["source"])
                if (good["_dlt_load_id"], good["_file"]) == (load, name)
            ]
            assert len(quarantined) == row["rows_quarantined"]
            assert len(loaded) == row["rows_loaded"]


@pytest.fixture
def place(tmp_path: Path) -> Workplace:
    inputs = tmp_path / "inputs"
    inputs.mkdir()
    return Workplace(inputs, tmp_path / "home")

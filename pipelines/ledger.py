"""Reading the load ledger: one row per file version, so few rows that Python may count them."""

from collections.abc import Iterable
from typing import Any

import pyarrow as pa

COUNTS = ("rows_read", "rows_loaded", "rows_quarantined")


def totals(ledger: pa.Table) -> dict[str, int]:
    """Sums of rows_read, rows_loaded and rows_quarantined over all file versions."""
    return {name: sum(ledger[name].to_pylist()) for name in COUNTS}


def unbalanced(ledger: pa.Table) -> list[str]:
    """One line per file version of which a row has vanished: read is not loaded + quarantined."""
    return [
        f"{row['file']}: read {row['rows_read']}, loaded {row['rows_loaded']}, "
        f"quarantined {row['rows_quarantined']}"
        for row in ledger.select(["file", *COUNTS]).to_pylist()
        if row["rows_read"] != row["rows_loaded"] + row["rows_quarantined"]
    ]


def rows_of(ledger: pa.Table, tables: Iterable[str]) -> list[dict[str, Any]]:
    """The ledger's rows of some lake tables, oldest load first."""
    wanted = set(tables)
    rows = [row for row in ledger.to_pylist() if row["source"] in wanted]
    return sorted(rows, key=lambda row: row["_dlt_load_id"])

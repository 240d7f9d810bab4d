"""Lakes written by hand, and everything that a reader sees of them."""

import json
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

# Six loads; the fifth was never finished. Load ids are seconds since 1970.
LOADS = [f"{1_700_000_000 + day * 86_400}.5" for day in range(6)]
INCOMPLETE = LOADS[4]
SCHEMA = pa.schema(
    [
        ("cost", pa.decimal128(38, 12)),
        ("score", pa.float64()),
        ("day", pa.timestamp("us")),
        ("_file", pa.string()),
        ("_row_number", pa.int64()),
        # as dlt writes it
        ("_dlt_load_id", pa.dictionary(pa.int8(), pa.string())),
    ]
)


def rows_of(load: int, file: str, count: int = 3) -> pa.Table:
    """`count` rows; row n of load l costs l + n / 10^12."""
    return pa.table(
        {
            "cost": [load + Decimal(row).scaleb(-12) for row in range(count)],
            "score": [float("nan"), -0.0, None][:count],
            "day": pa.array([1_000_000 * load] * count, pa.timestamp("us")),
            "_file": [file] * count,
            "_row_number": range(count),
            "_dlt_load_id": pa.array([LOADS[load]] * count).dictionary_encode(),
        }
    ).cast(SCHEMA)


def write_lake(home: Path) -> Path:
    """Tables `billing` (a file `a.csv` in every load, `b.csv` in some) and `other` (one load)."""
    folder = home / "lake" / "billing"
    folder.mkdir(parents=True)
    for number, load in enumerate(LOADS):
        pq.write_table(rows_of(number, "billing/a.csv"), folder / f"{load}.aa.parquet")
    for number in (0, 2, 5):
        pq.write_table(rows_of(number, "billing/b.csv", 2), folder / f"{LOADS[number]}.bb.parquet")
    (home / "lake" / "other").mkdir()
    pq.write_table(rows_of(3, "other/a.csv"), home / "lake" / "other" / f"{LOADS[3]}.aa.parquet")
    write_loads(home, [load for load in LOADS if load != INCOMPLETE])
    return home


def write_loads(home: Path, loads: list[str]) -> None:
    """One line, in a file of its own, per finished load."""
    folder = home / "lake" / "_dlt_loads"
    folder.mkdir(parents=True, exist_ok=True)
    for load in loads:
        line = {"load_id": load, "schema_name": "s", "status": 0, "inserted_at": "2026-01-01"}
        (folder / f"s__{load}.jsonl").write_text(json.dumps(line) + "\n")


def seen(home: Path, table: str = "billing") -> list[str]:
    """Every row a reader sees, in a fixed order; not-a-number is told from null."""
    files = sorted((home / "lake" / table).glob("*.parquet"))
    rows = [row for path in files for row in pq.read_table(path, partitioning=None).to_pylist()]
    return sorted(map(repr, rows))


def names(home: Path, table: str = "billing") -> set[str]:
    """Names of every file in a table's folder, hidden ones too."""
    return {path.name for path in (home / "lake" / table).iterdir()}

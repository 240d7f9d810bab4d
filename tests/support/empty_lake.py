"""A lake as a refresh without inputs leaves it: every table typed, no rows."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from ingestion.contracts import CONTRACTS
from pipelines.capacity import lake as capacity_lake
from pipelines.closes import lake as close_lake
from pipelines.forecasting import lake as forecast_lake

LOAD_ID = "1700000000.0"
LOAD_LINE = (
    f'{{"load_id": "{LOAD_ID}", "schema_name": "nothing", "status": 0,'
    ' "inserted_at": "2026-01-01T00:00:00.000000+00:00"}\n'
)


def nothing_forecast() -> dict[str, pa.Table]:
    """Every table that a refresh writes itself, without rows."""
    tables = forecast_lake.empty_tables() | capacity_lake.empty_tables()
    tables[forecast_lake.RESCORES] = forecast_lake.BACKTESTS.empty_table()
    stamped = {name: forecast_lake.stamped(table, "") for name, table in tables.items()}
    return stamped | {close_lake.CLOSES: close_lake.SCHEMA.empty_table()}


def write_empty_lake(home: Path) -> None:
    """Write `home/lake` with one zero-row Parquet file per table and one finished load."""
    lake = home / "lake"
    tables = {name: contract.empty() for name, contract in CONTRACTS.items()}
    tables |= nothing_forecast()
    for name, table in tables.items():
        (lake / name).mkdir(parents=True)
        with_load = table.append_column("_dlt_load_id", pa.array([], pa.string()))
        pq.write_table(with_load, lake / name / f"{LOAD_ID}.0.parquet")
    (lake / "_dlt_loads").mkdir()
    (lake / "_dlt_loads" / f"nothing__{LOAD_ID}.jsonl").write_text(LOAD_LINE)

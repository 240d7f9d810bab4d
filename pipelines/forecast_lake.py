"""The forecast tables of the lake: their types, and which forecast is the newest."""

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from ingestion.lake import Lake
from pipelines import fingerprint
from pipelines.home import REPOSITORY

# The fingerprint of a forecast without rows, made from no history.
NOTHING_TO_FORECAST = ""

_TEXT, _WHEN, _NUMBER = pa.string(), pa.timestamp("us"), pa.float64()
FORECASTS = pa.schema(
    [
        ("unique_id", _TEXT),
        ("measure", _TEXT),
        ("model", _TEXT),
        ("is_champion", pa.bool_()),
        ("champion_reason", _TEXT),
        ("ds", _WHEN),
        ("created_at", _WHEN),
        *((f"y_p{level}", _NUMBER) for level in (50, 80, 90, 95, 99)),
    ]
)
BACKTESTS = pa.schema(
    [
        ("unique_id", _TEXT),
        ("measure", _TEXT),
        ("model", _TEXT),
        ("cutoff", _WHEN),
        ("created_at", _WHEN),
        ("horizon_bucket", _TEXT),
        *(
            (name, _NUMBER)
            for name in ("wape", "mase", "pinball", "coverage_90", "skill_vs_seasonal_naive")
        ),
    ]
)
BURSTS = pa.schema(
    [
        ("unique_id", _TEXT),
        ("measure", _TEXT),
        ("date_day", _WHEN),
        ("created_at", _WHEN),
        *(
            (name, _NUMBER)
            for name in (
                "burst_probability",
                "expected_bursts",
                "burst_threshold",
                "expected_extra",
                "peak_p95",
                "peak_p99",
            )
        ),
    ]
)


def as_tables(
    forecasts: pd.DataFrame, backtests: pd.DataFrame, bursts: pd.DataFrame
) -> dict[str, pa.Table]:
    """The forecast room's frames with the lake's types, by table name.

    Raises:
        KeyError: A frame lacks a column.
    """
    return {
        "demand_forecasts": _typed(forecasts, FORECASTS),
        "demand_backtests": _typed(backtests, BACKTESTS),
        "demand_bursts": _typed(bursts, BURSTS),
    }


def empty_tables() -> dict[str, pa.Table]:
    """Zero rows of each table, so that what reads them finds their columns."""
    return {
        "demand_forecasts": FORECASTS.empty_table(),
        "demand_backtests": BACKTESTS.empty_table(),
        "demand_bursts": BURSTS.empty_table(),
    }


def code_fingerprint() -> str:
    """Identifies the code that forecasts."""
    return fingerprint.of_files(REPOSITORY, ["forecasts"], suffixes=(".py",))[:16]


def is_of_current_code(home: Path) -> bool:
    """Whether the newest forecast in the lake was made by the code as it is."""
    newest = newest_fingerprint(home)
    return newest is not None and (
        newest == NOTHING_TO_FORECAST or newest.endswith(f"-{code_fingerprint()}")
    )


def stamped(table: pa.Table, input_fingerprint: str) -> pa.Table:
    """The table with the fingerprint of what it was made from in every row."""
    column = pa.repeat(pa.scalar(input_fingerprint), len(table)).cast(_TEXT)
    return table.append_column("input_fingerprint", column)


def newest_fingerprint(home: Path) -> str | None:
    """The fingerprint of the newest complete forecast in the lake; None where there is none.

    Args:
        home: The home folder; the lake names files `<load id>.<file id>.parquet`.
    """
    lake = Lake(home)
    complete = lake.complete_loads()
    files = {
        path: load_id
        for path in lake.path("demand_forecasts").glob("*.parquet")
        if (load_id := path.name.rsplit(".", 2)[0]) in complete
    }
    if not files:
        return None
    newest = max(files, key=lambda path: float(files[path]))
    rows = pq.ParquetFile(newest).read(columns=["input_fingerprint"])
    return rows["input_fingerprint"][0].as_py() if len(rows) else NOTHING_TO_FORECAST


def _typed(frame: pd.DataFrame, schema: pa.Schema) -> pa.Table:
    return pa.Table.from_pandas(frame[schema.names], schema=schema, preserve_index=False)

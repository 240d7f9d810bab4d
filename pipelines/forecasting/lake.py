"""The forecast tables of the lake: their types, and which forecast is the newest."""

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa

from ingestion.lake import Lake
from pipelines import fingerprint
from pipelines.home import REPOSITORY

if TYPE_CHECKING:
    from forecasts.champions import Spoken

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
CHAMPIONS = pa.schema(
    [
        ("unique_id", _TEXT),
        ("measure", _TEXT),
        ("model", _TEXT),
        ("reason", _TEXT),
        ("trained_at", _WHEN),
        ("created_at", _WHEN),
        *((name, _NUMBER) for name in ("coverage_90", "skill_vs_seasonal_naive", "error_drift")),
        ("failed_checks", _TEXT),
        ("last_good_model", _TEXT),
        ("last_good_at", _WHEN),
    ]
)
_SCHEMAS = {
    "demand_forecasts": FORECASTS,
    "demand_backtests": BACKTESTS,
    "demand_bursts": BURSTS,
    "demand_champions": CHAMPIONS,
}
# Written when somebody asks; an empty one comes with the first forecast.
RESCORES = "demand_rescores"


def as_tables(spoken: "Spoken", bursts: pd.DataFrame) -> dict[str, pa.Table]:
    """The forecast room's frames with the lake's types, by table name.

    Raises:
        KeyError: A frame lacks a column.
    """
    frames = {
        "demand_forecasts": spoken.made.forecasts,
        "demand_backtests": spoken.made.backtests,
        "demand_bursts": bursts,
        "demand_champions": spoken.champions,
    }
    return {name: _typed(frame, _SCHEMAS[name]) for name, frame in frames.items()}


def empty_tables() -> dict[str, pa.Table]:
    """Zero rows of each table, so that what reads them finds their columns."""
    return {name: schema.empty_table() for name, schema in _SCHEMAS.items()}


def rescored(scores: pd.DataFrame) -> pa.Table:
    """Scores of a past cutoff with the lake's types."""
    return _typed(scores, BACKTESTS)


def empty_rescores(home: Path) -> dict[str, pa.Table]:
    """The table of scores asked for, without rows, where the lake has none yet."""
    return {} if Lake(home).has_files(RESCORES) else {RESCORES: BACKTESTS.empty_table()}


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


def newest_fingerprint(home: Path, table: str = "demand_forecasts") -> str | None:
    """The fingerprint of the newest complete load of a table; None where there is none.

    Args:
        home: The home folder; the lake names files `<load id>.<file id>.parquet`.
        table: A lake table with stamped rows.
    """
    files = _newest_files(home, table)
    if not files:
        return None
    rows = Lake(home).columns(files[0], ["input_fingerprint"])
    return rows["input_fingerprint"][0].as_py() if len(rows) else NOTHING_TO_FORECAST


def newest_champions(home: Path) -> pa.Table:
    """The champions' rows of the newest complete forecast; none where there is none."""
    rows = _newest(home, "demand_forecasts")
    return rows.filter(rows["is_champion"]).sort_by(
        [("unique_id", "ascending"), ("ds", "ascending")]
    )


def champions(home: Path) -> pa.Table:
    """Which model spoke for each series in the newest complete forecast; `CHAMPIONS`."""
    return _newest(home, "demand_champions")


def _newest(home: Path, table: str) -> pa.Table:
    schema = _SCHEMAS[table]
    files = _newest_files(home, table)
    tables = [Lake(home).columns(file, schema.names) for file in files]
    return pa.concat_tables(tables) if tables else schema.empty_table()


def _newest_files(home: Path, table: str) -> list[str]:
    """Files of the newest complete load of a table."""
    lake = Lake(home)
    complete = lake.complete_loads()
    files = {
        file: load_id
        for file in lake.files(table)
        if (load_id := file.rsplit("/", 1)[-1].rsplit(".", 2)[0]) in complete
    }
    newest = max(files.values(), key=float, default=None)
    return [file for file, load_id in files.items() if load_id == newest]


def _typed(frame: pd.DataFrame, schema: pa.Schema) -> pa.Table:
    return pa.Table.from_pandas(frame[schema.names], schema=schema, preserve_index=False)

"""The lake tables of the capacity plan: their types."""

import pandas as pd
import pyarrow as pa

_TEXT, _WHEN, _NUMBER, _COUNT = pa.string(), pa.timestamp("us"), pa.float64(), pa.int64()
_MONEY = pa.decimal128(38, 12)

_KINDS: dict[str, pa.DataType] = {
    "created_at": _WHEN,
    "cutoff": _WHEN,
    **dict.fromkeys(
        ("accelerator", "term", "evidence", "method", "commitment", "provider", "missing"), _TEXT
    ),
    **dict.fromkeys(("term_hours", "hours", "hour_of_week", "backtest_cutoffs"), _COUNT),
    **dict.fromkeys(("reserved_gpus", "ready_gpus", "clairvoyant_gpus"), _COUNT),
}


def typed(frame: pd.DataFrame) -> pa.Table:
    """A frame of the capacity plan with the lake's types: money decimal, other figures double."""
    return pa.Table.from_pandas(frame, schema=schema(frame.columns), preserve_index=False)


def schema(columns: "pd.Index | tuple[str, ...]") -> pa.Schema:
    """The lake's types of these columns."""
    return pa.schema([(str(name), _kind(str(name))) for name in columns])


def empty_tables() -> dict[str, pa.Table]:
    """Zero rows of each table, so that what reads them finds their columns."""
    # The columns are the planner's, which is imported where it is needed.
    from forecasts.capacity.tables import BACKTEST_COLUMNS, HOUR_COLUMNS, PLAN_COLUMNS

    return {
        "capacity_plans": schema(PLAN_COLUMNS).empty_table(),
        "capacity_plan_hours": schema(HOUR_COLUMNS).empty_table(),
        "capacity_backtests": schema(BACKTEST_COLUMNS).empty_table(),
    }


def _kind(column: str) -> pa.DataType:
    if column in _KINDS:
        return _KINDS[column]
    return _MONEY if column.endswith("_usd") else _NUMBER

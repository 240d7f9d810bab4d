"""Closed billing periods: what is due, and the lake table that keeps them."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from ingestion.kernels import pc
from ingestion.lake import Lake
from ingestion.load import write_frames
from pipelines.duck import open_read_only

CLOSES = "billing_closes"
_MONEY, _TEXT = pa.decimal128(38, 12), pa.string()
SCHEMA = pa.schema(
    [
        ("provider_key", _TEXT),
        ("billing_account_id", _TEXT),
        ("billing_period_start", pa.date32()),
        ("billing_period_end", pa.date32()),
        ("billing_currency", _TEXT),
        ("billed_cost", _MONEY),
        ("effective_cost", _MONEY),
        ("list_cost", _MONEY),
        ("delivery", _TEXT),
        ("delivery_load_id", _TEXT),
        ("closed_at", pa.timestamp("us")),
    ]
)
PERIOD_KEY = ("provider_key", "billing_account_id", "billing_period_start")
_STATES = Path(__file__).parents[1] / "queries" / "closes" / "states.sql"


@dataclass(frozen=True)
class CloseRequest:
    """Which periods to close.

    Attributes:
        today: UTC day of the close; a period must be over by then, and its waiting days too.
        month: First day of the month that the periods begin in; every month when None.
        anyway: Do not wait for late charges and a final delivery.
    """

    today: dt.date
    month: dt.date | None = None
    anyway: bool = False

    def run_config(self) -> dict[str, object]:
        """Configuration of the step `billing_closes`."""
        config: dict[str, object] = {"close": True, "today": self.today.isoformat()}
        if self.month:
            config |= {"month": self.month.isoformat(), "anyway": self.anyway}
        return config


def states(warehouse: Path, home: Path, request: CloseRequest) -> pa.Table:
    """Where the close of each billing period stands.

    Args:
        warehouse: A warehouse file that nobody writes to.
        home: The home folder, of which the lake keeps the closes.
        request: Which periods, as of which day.

    Returns:
        One row per period and currency: `SCHEMA` without `closed_at`, and covered_until,
        closable_from (dates) and state (closed, due, or what it waits for).

    Raises:
        duckdb.Error: It cannot be read, or was built by models that know no closes.
    """
    parameters = {"today": request.today, "month": request.month, "anyway": request.anyway}
    with open_read_only(warehouse) as connection:
        connection.register("closed_periods", closed_periods(home))
        query = _STATES.read_text(encoding="utf-8")
        return connection.execute(query, parameters).to_arrow_table()


def due(warehouse: Path, home: Path, request: CloseRequest) -> pa.Table:
    """The rows of `states` that are due; none where the warehouse cannot say."""
    try:
        rows = states(warehouse, home, request)
    except duckdb.Error:
        return SCHEMA.empty_table()
    return rows.filter(pc.equal(rows["state"], "due"))


def closed_periods(home: Path) -> pa.Table:
    """The keys of the periods that are closed, each once."""
    kept = Lake(home).complete(CLOSES, SCHEMA)
    return kept.group_by(PERIOD_KEY).aggregate([])


def close(periods: pa.Table, home: Path, closed_at: dt.datetime) -> str:
    """Append periods to the closes.

    Args:
        periods: Rows of `due`.
        home: The home folder.
        closed_at: Now, UTC, without a zone.

    Returns:
        The load id.
    """
    stamp = pa.repeat(pa.scalar(closed_at, pa.timestamp("us")), len(periods))
    rows = periods.append_column("closed_at", stamp).select(SCHEMA.names).cast(SCHEMA)
    return write_frames({CLOSES: rows}, home, "closes")


def leave_table(home: Path) -> None:
    """A table without rows where the lake has none, so that reading it does not fail."""
    if not Lake(home).has_files(CLOSES):
        write_frames({CLOSES: SCHEMA.empty_table()}, home, "closes")

"""What the planner reads from a warehouse file, being built or published: frames, by query."""

from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa

from pipelines.duck import open_read_only

_QUERIES = Path(__file__).parents[1] / "queries" / "capacity"


@dataclass(frozen=True)
class CapacityInputs:
    """Tables of one warehouse, each in a fixed order.

    Attributes:
        hours: accelerator, ds, serving_gpus, training_gpus, allocated_gpus.
        prices: One row per accelerator with all of its prices.
        fleet: accelerator, today_gpus, today_hourly_usd, service_s.
        rules: One row of thresholds.
    """

    hours: pa.Table
    prices: pa.Table
    fleet: pa.Table
    rules: pa.Table

    def tables(self) -> tuple[pa.Table, ...]:
        """All of them."""
        return (self.hours, self.prices, self.fleet, self.rules)


def read_inputs(warehouse: Path) -> CapacityInputs:
    """Read what a plan is made from, besides the forecast.

    Args:
        warehouse: A DuckDB file that nobody writes to.

    Raises:
        duckdb.Error: It cannot be read, or was built by models that have no capacity tables.
    """
    with open_read_only(warehouse) as connection:
        return CapacityInputs(
            hours=query(connection, "hours"),
            prices=query(connection, "prices"),
            fleet=query(connection, "fleet"),
            rules=query(connection, "rules"),
        )


def query(connection: duckdb.DuckDBPyConnection, name: str) -> pa.Table:
    """Run a query of this folder.

    Args:
        connection: To a warehouse.
        name: The file's name without `.sql`.
    """
    text = (_QUERIES / f"{name}.sql").read_text(encoding="utf-8")
    return connection.execute(text).to_arrow_table()


def as_frame(table: pa.Table) -> pd.DataFrame:
    """A frame whose decimals stay exact and whose times are naive UTC microseconds."""
    return table.to_pandas(coerce_temporal_nanoseconds=False)

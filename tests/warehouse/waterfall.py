"""The waterfall's own SQL, as dbt compiled it, run in memory over any bill."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

# What the models below read, and what a test must supply.
INPUTS = (
    "stg_billing__charges",
    "stg_lake__live_files",
    "stg_registry__model_versions",
    "int_registry__model_initiatives",
    "int_prices__known_models",
    "int_gpu__accelerator_names",
    "int_currency__rates",
    "int_gpu__resource_days",
    "int_requests__daily",
    "int_requests__vendor_weights",
)
MODELS = (
    "int_billing__deliveries",
    "int_billing__identities",
    "int_billing__charge_days",
    "int_cost__vendor_models",
    "int_cost__routes",
    "int_cost__gpu_time_parts",
    "int_cost__token_share_parts",
    "int_cost__shared_parts",
    "int_cost__parts",
    "fct_model_cost_daily",
)


class Waterfall:
    """Input tables shaped like those of a built warehouse, under its catalog name."""

    def __init__(self, warehouse: Any) -> None:
        catalog = warehouse.dbt.build.stem
        self.sql = {model: warehouse.sql[model] for model in MODELS}
        self.connection = duckdb.connect(config={"preserve_insertion_order": "false"})
        self.connection.execute(f"attach ':memory:' as {catalog}")
        self.relations: dict[str, str] = {}
        for schema, name, columns in _shapes(warehouse.dbt.build):
            self.relations[name] = f"{catalog}.{schema}.{name}"
            self.connection.execute(f"create schema if not exists {catalog}.{schema}")
            self.connection.execute(f"create table {self.relations[name]} ({columns})")

    def run(self, inputs: Mapping[str, Sequence[Mapping[str, Any]]], threads: int = 2) -> None:
        """Fill the input tables and build every model from them, in order."""
        assert set(inputs) <= set(INPUTS)
        self.connection.execute(f"set threads = {threads}")
        for name in INPUTS:
            self._fill(name, inputs.get(name, ()))
        for name in MODELS:
            self.connection.execute(
                f"create or replace table {self.relations[name]} as {self.sql[name]}"
            )

    def rows(self, name: str, columns: str = "*") -> list[tuple]:
        """A table's rows in a fixed order."""
        return self.connection.execute(
            f"select {columns} from {self.relations[name]} order by all"
        ).fetchall()

    def query(self, sql: str) -> list[tuple]:
        """Rows of a query that names tables in braces: `from {int_cost__parts}`."""
        return self.connection.execute(sql.format(**self.relations)).fetchall()

    def _fill(self, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
        relation = self.relations[name]
        self.connection.execute(f"delete from {relation}")
        if rows:
            columns = list(rows[0])
            places = ", ".join(["(" + ", ".join("?" * len(columns)) + ")"] * len(rows))
            self.connection.execute(
                f"insert into {relation} ({', '.join(columns)}) values {places}",
                [row[column] for row in rows for column in columns],
            )


def _shapes(build: Path) -> list[tuple[str, str, str]]:
    """Schema, name and column definitions of the tables and views a waterfall needs."""
    with duckdb.connect(build, read_only=True) as connection:
        return connection.execute(
            "select table_schema, table_name,"
            " string_agg(column_name || ' ' || data_type, ', ' order by ordinal_position)"
            " from information_schema.columns where table_name in (select unnest(?))"
            " group by all",
            [[*INPUTS, *MODELS]],
        ).fetchall()

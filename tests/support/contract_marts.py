"""A warehouse with every mart as its contract says, and no rows."""

from pathlib import Path
from typing import Any

import duckdb
import yaml

MARTS = Path(__file__).parents[2] / "dbt_project/models/marts"


def mart_contracts() -> dict[str, list[dict[str, Any]]]:
    """Columns of each mart, as its YAML lists them."""
    return {
        model["name"]: model["columns"]
        for path in sorted(MARTS.rglob("_*__models.yml"))
        for model in yaml.safe_load(path.read_text(encoding="utf-8"))["models"]
    }


def create_marts(path: Path) -> duckdb.DuckDBPyConnection:
    """Create an empty warehouse and leave it open for rows."""
    connection = duckdb.connect(path)
    for schema in ("marts", "ops", "intermediate"):
        connection.execute(f"create schema {schema}")
    for name, columns in mart_contracts().items():
        listed = ", ".join(f"{column['name']} {column['data_type']}" for column in columns)
        connection.execute(f"create table marts.{name} ({listed})")
    return connection

"""The hand-written script on a lake: `python -m benchmarks.by_hand LAKE DATABASE`."""

import sys
from pathlib import Path

import duckdb

SCRIPT = Path(__file__).with_name("sql") / "by_hand.sql"
# As in dbt's profile.
SETTINGS = {"preserve_insertion_order": False, "memory_limit": "4GB"}


def build(lake: Path, database: Path) -> None:
    """Build the marts from nothing, with the memory and threads that dbt has.

    Args:
        lake: The lake's folder.
        database: The DuckDB file, replaced.
    """
    database.unlink(missing_ok=True)
    with duckdb.connect(str(database), config=SETTINGS) as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute("set variable lake = ?", [str(lake)])
        connection.execute(SCRIPT.read_text(encoding="utf-8"))


if __name__ == "__main__":
    build(Path(sys.argv[1]), Path(sys.argv[2]))

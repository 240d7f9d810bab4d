"""Opening DuckDB files the same way everywhere: read-only, in UTC, without the network."""

from pathlib import Path

import duckdb


def open_read_only(database: Path) -> duckdb.DuckDBPyConnection:
    """A connection that cannot write; timestamps with a zone read as UTC.

    Raises:
        duckdb.Error: It is missing, no database, or open for writing elsewhere.
    """
    connection = duckdb.connect(
        database, read_only=True, config={"autoinstall_known_extensions": False}
    )
    # Not in `config`: the zone needs an extension that is there only once the database is open.
    connection.execute("set TimeZone = 'UTC'")
    return connection

"""dbt-duckdb plugin: a lake in a bucket is read through dlt's own file system and credentials."""

import os
from typing import TYPE_CHECKING

from dbt.adapters.duckdb.plugins import BasePlugin

from ingestion.lake_place import bucket_files

if TYPE_CHECKING:
    import duckdb


class Plugin(BasePlugin):
    """Lets DuckDB read VALUEOPS_LAKE where that is the address of a bucket."""

    def configure_connection(self, conn: "duckdb.DuckDBPyConnection") -> None:
        """Register the bucket's file system with a connection."""
        lake = os.environ.get("VALUEOPS_LAKE", "")
        if "://" in lake:
            conn.register_filesystem(bucket_files(lake))

"""The life of the build file: begun from the published warehouse, published in its place."""

import os
import shutil
from pathlib import Path

import duckdb

from pipelines.duck import open_read_only
from pipelines.home import HomePaths

PUBLIC_SCHEMAS = ("marts", "ops")


def reason_for_full(paths: HomePaths, project_fingerprint: str) -> str | None:
    """Why the published warehouse cannot be continued, or None where it can.

    Args:
        paths: The home folder.
        project_fingerprint: Of the dbt project that is about to run.
    """
    if not paths.warehouse.exists():
        return "there is no published warehouse yet"
    try:
        with open_read_only(paths.warehouse) as warehouse:
            info = warehouse.table("ops.build_info")
            built_with = info.select("project_fingerprint").fetchall()
    except duckdb.Error:
        return "the published warehouse cannot be read, or does not say what built it"
    if built_with != [(project_fingerprint,)]:
        return "models, seeds or thresholds have changed since it was published"
    return None


def holds(paths: HomePaths, load_ids: set[str]) -> bool:
    """Whether the published warehouse was built from exactly these loads.

    Args:
        paths: The home folder, with a warehouse that `reason_for_full` finds nothing wrong with.
        load_ids: The complete loads of the lake.
    """
    try:
        with open_read_only(paths.warehouse) as warehouse:
            seen = warehouse.table("ops.loads").select("load_id").fetchall()
    except duckdb.Error:
        return False
    return {load_id for (load_id,) in seen} == load_ids


def begin(paths: HomePaths, *, full: bool) -> None:
    """Puts a fresh build file in place: a copy of the published warehouse, or none at all.

    The copy is moved in, not written over: a killed refresh may have left a dbt that still has
    the old build file open.

    Args:
        paths: The home folder.
        full: Start without a file.
    """
    paths.build.parent.mkdir(parents=True, exist_ok=True)
    paths.build.unlink(missing_ok=True)
    _wal(paths.build).unlink(missing_ok=True)
    if full:
        return
    copy = paths.build.with_suffix(".copy")
    shutil.copyfile(paths.warehouse, copy)
    copy.replace(paths.build)


def publish(paths: HomePaths) -> dict[str, int]:
    """Replaces the published warehouse by the build file, at once and durably.

    Readers that hold the old file open go on reading it.

    Args:
        paths: The home folder.

    Returns:
        Rows of each table of the public schemas, by `schema.table`.

    Raises:
        duckdb.Error: The build file cannot be read; the published warehouse stands.
    """
    with duckdb.connect(paths.build) as build:
        build.execute("checkpoint")
        rows = _public_rows(build)
    if _wal(paths.build).exists():
        raise duckdb.IOException(f"{paths.build} still has a write-ahead log after its checkpoint")
    _sync(paths.build)
    # A log that belongs to the old file must not be replayed on the new one.
    _wal(paths.warehouse).unlink(missing_ok=True)
    paths.build.replace(paths.warehouse)
    _sync(paths.warehouse.parent)
    return rows


def _public_rows(build: duckdb.DuckDBPyConnection) -> dict[str, int]:
    tables = build.table_function("duckdb_tables").select("schema_name", "table_name").order("all")
    return {
        f"{schema}.{table}": build.table(f'"{schema}"."{table}"').count("*").fetchall()[0][0]
        for schema, table in tables.fetchall()
        if schema in PUBLIC_SCHEMAS
    }


def _wal(database: Path) -> Path:
    return database.with_name(database.name + ".wal")


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

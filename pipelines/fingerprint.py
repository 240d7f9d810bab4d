"""Fingerprints that say whether a result can still be trusted: of code, and of data."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa

_DBT_PARTS = ("models", "macros", "seeds", "tests", "dbt_project.yml")


def of_files(root: Path, parts: Iterable[str], suffixes: tuple[str, ...] | None = None) -> str:
    """The sha256 over names and contents of files, in the order of their names.

    Args:
        root: The folder the names are relative to.
        parts: Files and folders below it; missing ones are left out.
        suffixes: Count only files that end so.

    Returns:
        A hexadecimal digest.
    """
    digest = hashlib.sha256()
    found = (path for part in parts for path in _files(root / part))
    for path in sorted(found):
        if suffixes and path.suffix not in suffixes:
            continue
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def of_dbt_project(project_dir: Path) -> str:
    """Identifies the SQL, seeds and thresholds that a warehouse is built with."""
    return of_files(project_dir, _DBT_PARTS)


def of_table(table: pa.Table) -> str:
    """The sha256 of an Arrow table's schema and values, whatever its chunks.

    Args:
        table: Rows in an order that the caller fixes.
    """
    sink = pa.BufferOutputStream()
    plain = table.combine_chunks().replace_schema_metadata(None)
    with pa.ipc.new_stream(sink, plain.schema) as writer:
        writer.write_table(plain)
    return hashlib.sha256(sink.getvalue()).hexdigest()


def _files(path: Path) -> Iterable[Path]:
    if path.is_file():
        return [path]
    return (found for found in path.rglob("*") if found.is_file() and found.name[0] != ".")

"""Each role's part of the published warehouse, as a file of its own: who may read it reads it."""

import os
import shutil
import tempfile
from pathlib import Path

import duckdb

from pipelines.duck import open_read_only
from pipelines.errors import UserError
from pipelines.home import HomePaths
from pipelines.roles.names import SUFFIX, role_file_name
from pipelines.roles.rows import role_rows

# The files carry permissions; the folder only lets pass who knows a name.
_FOLDER_MODE = 0o711
_FILE_MODE = 0o440
_FILE_MODE_GROUP_LOST = 0o400
_UNFINISHED = ".unfinished-"
_BATCH_ROWS = 100_000


def write_role_files(paths: HomePaths) -> dict[str, Path]:
    """Writes every role's file anew, and removes those of roles that are no more.

    A file is built from nothing in a folder that only its writer can open, so that it holds no
    byte of another team and nobody reads it half done, then takes its name at once. It keeps the
    group of the file whose place it takes; where that is not allowed, only its owner can read it.

    Args:
        paths: The home folder, with a published warehouse.

    Returns:
        The file of each role that `roles/` lists.

    Raises:
        UserError: The warehouse was built before there were roles.
        duckdb.Error: The published warehouse cannot be read.
        OSError: The folder cannot be written.
    """
    if not paths.roles.exists():
        paths.roles.mkdir()
        paths.roles.chmod(_FOLDER_MODE)
    for left in paths.roles.glob(f"{_UNFINISHED}*"):
        shutil.rmtree(left, ignore_errors=True)
    written: dict[str, Path] = {}
    with (
        open_read_only(paths.warehouse) as warehouse,
        tempfile.TemporaryDirectory(prefix=_UNFINISHED, dir=paths.roles) as workshop,
    ):
        for role in _roles(warehouse):
            name = role_file_name(role)
            _write(warehouse, role, Path(workshop) / name)
            _hand_over(Path(workshop) / name, paths.roles / name)
            written[role] = paths.roles / name
    for file in paths.roles.glob(f"*{SUFFIX}"):
        if file not in written.values():
            file.unlink()
    return written


def _roles(warehouse: duckdb.DuckDBPyConnection) -> list[str]:
    try:
        roles = warehouse.table("marts.dim_role").select("role").distinct().order("role")
    except duckdb.CatalogException as error:
        raise UserError("this warehouse knows no roles; refresh it first") from error
    return [role for (role,) in roles.fetchall()]


def _write(warehouse: duckdb.DuckDBPyConnection, role: str, file: Path) -> None:
    with duckdb.connect(file) as part:
        part.execute("create schema marts")
        part.execute("create schema ops")
        for name, rows in role_rows(warehouse, role):
            part.from_arrow(rows.to_arrow_reader(_BATCH_ROWS)).create(name)
        part.execute("checkpoint")


def _hand_over(new: Path, place: Path) -> None:
    mode = _FILE_MODE
    if place.exists():
        try:
            os.chown(new, -1, place.stat().st_gid)
        except PermissionError:
            mode = _FILE_MODE_GROUP_LOST
    new.chmod(mode)
    descriptor = os.open(new, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    new.replace(place)

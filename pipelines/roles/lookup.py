"""Which file a role's holder reads."""

import difflib
from pathlib import Path

import duckdb

from pipelines.errors import UserError
from pipelines.home import HomePaths
from pipelines.roles.names import SUFFIX, role_file_name

_NAME_KEY = Path(__file__).parents[1] / "queries" / "budgets" / "name_key.sql"


def warehouse_of(paths: HomePaths, role: str | None) -> Path:
    """The file that answers for a role, or the whole warehouse without one.

    Never the warehouse in place of a role's file that is not there: it would show more.

    Args:
        paths: The home folder.
        role: As somebody types it; spelling in upper or lower case is one.

    Raises:
        UserError: The role has no file, or this user may not read it.
    """
    if role is None:
        return paths.warehouse
    with duckdb.connect() as connection:
        spelled = connection.execute(_NAME_KEY.read_text(encoding="utf-8"), {"name": role})
        ((key,),) = spelled.fetchall()
    file = paths.roles / role_file_name(key)
    try:
        with file.open("rb"):
            return file
    except FileNotFoundError:
        raise UserError(_no_file(paths, role, file)) from None
    except PermissionError as error:
        raise UserError(
            f"{file} may not be read by this user; its owner can let a group read it: docs/roles.md"
        ) from error


def _no_file(paths: HomePaths, role: str, file: Path) -> str:
    try:
        names = sorted(known.name.removesuffix(SUFFIX) for known in paths.roles.glob(f"*{SUFFIX}"))
    except PermissionError:
        names = []
    near = difflib.get_close_matches(file.name.removesuffix(SUFFIX), names, n=3, cutoff=0.5)
    told = f"; there is {', '.join(near or names[:5])}" if names else ""
    return (
        f"no role {role!r} has a file in {paths.roles}{told}; "
        "roles/ of the inputs names its teams, and a refresh or `valueops roles` writes it"
    )

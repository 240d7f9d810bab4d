"""What of a home folder every user of this machine can read."""

import stat
from pathlib import Path

from pipelines.home import HomePaths
from pipelines.roles.names import SUFFIX


def open_to_all(paths: HomePaths) -> list[Path]:
    """The whole money's files and folders that other users can read, by their permissions.

    Args:
        paths: The home folder.
    """
    if not _lets_others(paths.root, stat.S_IXOTH):
        return []
    whole = (
        *(paths.warehouse, paths.build, paths.lake, paths.reports),
        *(paths.alerts, paths.logs, paths.dagster),
    )
    return [path for path in whole if path.exists() and _others_read(path)]


def role_line(paths: HomePaths) -> str | None:
    """What the doctor says of role files, or None without any."""
    try:
        files = len(list(paths.roles.glob(f"*{SUFFIX}")))
    except PermissionError:
        return None
    if not files:
        return None
    told = f"roles       {files:,} role file{'' if files == 1 else 's'}"
    if exposed := open_to_all(paths):
        names = ", ".join(path.name for path in exposed)
        return f"{told}, which guard nothing: everybody can read {names} (docs/roles.md)"
    return told


def _others_read(path: Path) -> bool:
    needed = stat.S_IROTH | stat.S_IXOTH if path.is_dir() else stat.S_IROTH
    return _lets_others(path, needed)


def _lets_others(path: Path, needed: int) -> bool:
    return path.stat().st_mode & needed == needed

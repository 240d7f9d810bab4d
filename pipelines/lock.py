"""One refresh at a time: an advisory lock on HOME/.lock."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.errors import HomeLockedError

# The command takes the lock before Dagster is imported; the steps it then runs find it here.
_held_by_this_process: set[Path] = set()


@contextmanager
def refresh_lock(path: Path) -> Iterator[None]:
    """Holds the lock; a nested call in the process that holds it already is let through.

    The operating system drops the lock with its process, so a killed refresh leaves none behind.

    Args:
        path: The lock file; its folder must exist. It keeps the holder's process id.

    Raises:
        HomeLockedError: Another process holds it; the message names that process.
    """
    path = path.resolve()
    if path in _held_by_this_process:
        yield
        return
    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise HomeLockedError(_who_holds(path, file.read().strip())) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        _held_by_this_process.add(path)
        try:
            yield
        finally:
            _held_by_this_process.discard(path)
            file.truncate(0)


def _who_holds(path: Path, pid: str) -> str:
    holder = f"process {pid}" if pid else "another process"
    return f"{path.parent} is being refreshed by {holder}; wait for it, or use another --home"

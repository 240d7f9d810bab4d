"""One refresh at a time: an advisory lock on HOME/.lock."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from pipelines.errors import HomeLockedError

_POLL_S = 0.5

# The command takes the lock before Dagster is imported; the steps it then runs find it here.
_held_by_this_process: set[Path] = set()


@contextmanager
def refresh_lock(path: Path, wait_s: float = 0.0) -> Iterator[None]:
    """Holds the lock; a nested call in the process that holds it already is let through.

    The operating system drops the lock with its process, so a killed refresh leaves none behind.

    Args:
        path: The lock file; its folder must exist. It keeps the holder's process id.
        wait_s: Seconds to wait for another process to let go; 0 asks once.

    Raises:
        HomeLockedError: Another process still holds it; the message names that process.
    """
    path = path.resolve()
    if path in _held_by_this_process:
        yield
        return
    with path.open("a+", encoding="utf-8") as file:
        if not _taken_within(file, wait_s):
            file.seek(0)
            raise HomeLockedError(_who_holds(path, file.read().strip(), wait_s))
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        _held_by_this_process.add(path)
        try:
            yield
        finally:
            _held_by_this_process.discard(path)
            file.truncate(0)


@contextmanager
def alive(path: Path) -> Iterator[None]:
    """Marks that this process lives, until it ends, however it ends.

    Args:
        path: A file that nobody else marks; its folder is made.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


def is_alive(path: Path) -> bool:
    """Whether a living process holds the mark; that of a killed one is not held."""
    try:
        with path.open("r+", encoding="utf-8") as file:
            return not _take(file)
    except FileNotFoundError:
        return False


def _taken_within(file: TextIO, wait_s: float) -> bool:
    until = time.monotonic() + wait_s
    while not _take(file):
        left = until - time.monotonic()
        if left <= 0:
            return False
        time.sleep(min(_POLL_S, left))
    return True


def _take(file: TextIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _who_holds(path: Path, pid: str, wait_s: float) -> str:
    holder = f"process {pid}" if pid else "another process"
    waited = f" (still, after {wait_s:g} s)" if wait_s else ""
    return (
        f"{path.parent} is being refreshed by {holder}{waited}; wait for it, or use another --home"
    )

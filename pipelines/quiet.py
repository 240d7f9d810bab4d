"""Keeps the chatter of libraries and child processes out of the terminal."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.terminal import HarmlessConsole


class PatientConsole(HarmlessConsole):
    """A console of which nobody need read the end: `valueops refresh | head` goes on to publish."""

    def on_broken_pipe(self) -> None:
        """Writes to nowhere from now on, where rich would end the process."""
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self.file.fileno())
        os.close(nowhere)


@contextmanager
def output_to(log: Path) -> Iterator[HarmlessConsole]:
    """Sends this process's stdout and stderr, and those of its children, to a file.

    Done on file descriptors, because dbt and compiled models write past Python.

    Args:
        log: The file to append to.

    Yields:
        A console that still writes where stdout pointed before.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    terminal, old_error = os.dup(1), os.dup(2)
    with log.open("a", encoding="utf-8") as file, os.fdopen(terminal, "w") as out:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
        try:
            yield PatientConsole(file=out)
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            out.flush()
            os.dup2(terminal, 1)
            os.dup2(old_error, 2)
            os.close(old_error)

"""Running one side of a comparison: seconds of wall and processor, and the tree's peak memory."""

import os
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_SAMPLE_S = 0.05
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Measured:
    """What a command took.

    Args:
        seconds: Wall-clock time.
        cpu_seconds: User and system time of the command and its children.
        peak_bytes: Largest resident memory of the whole process tree, seen every 50 ms.
        output: What it printed.
    """

    seconds: float
    cpu_seconds: float
    peak_bytes: int
    output: str


def run(command: Sequence[str | Path], env: Mapping[str, str] | None = None) -> Measured:
    """Run a command to its end.

    Args:
        command: Program and arguments.
        env: Environment variables to set beside those there are.

    Returns:
        What it took.

    Raises:
        RuntimeError: It failed; the message ends with its last words.
    """
    before = os.times()
    began = time.perf_counter()
    process = subprocess.Popen(
        [str(part) for part in command],
        env=os.environ | dict(env or {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    peak = _Peak(process.pid)
    peak.start()
    output, _ = process.communicate()
    seconds = time.perf_counter() - began
    peak.join()
    after = os.times()
    if process.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))} failed:\n{output[-4000:]}")
    cpu = after.children_user + after.children_system
    cpu -= before.children_user + before.children_system
    return Measured(seconds, cpu, peak.peak_bytes, output)


class _Peak(threading.Thread):
    """Watches a process tree until its root is gone."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.peak_bytes = 0
        self._pid = pid

    def run(self) -> None:
        while pages := sum(map(_resident_pages, _tree(self._pid))):
            self.peak_bytes = max(self.peak_bytes, pages * _PAGE_BYTES)
            time.sleep(_SAMPLE_S)


def _tree(pid: int) -> Iterator[int]:
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found = children.read_text(encoding="ascii").split()
        except OSError:
            continue
        for child in found:
            yield from _tree(int(child))


def _resident_pages(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    except (OSError, IndexError):
        return 0

"""A new file takes the place of old ones; a kill at any moment leaves the one or the others.

The new file is written under a name that no reader looks for. A journal then names it and the files
it replaces: from there on the swap is done to its end, if not by the process that began it then by
`recover`, which whoever takes the home's lock calls first. Without a journal there was no swap.
"""

import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from ingestion.errors import InputError
from ingestion.lake import DATASET

_JOURNAL = ".compaction.json"
# Neither ends in .parquet nor shows without its dot: no engine takes such a file for data.
_STAGED = ".{name}.staged"

# Told of each step before it is taken; a test ends the process there.
Step = Callable[[str], None]


@dataclass(frozen=True)
class Swap:
    """What takes the place of what.

    Attributes:
        table: Name of the lake table.
        new: Name of the new file.
        old: Names of the files it replaces.
    """

    table: str
    new: str
    old: tuple[str, ...]


def staged(home: Path, table: str, name: str) -> Path:
    """Where a file is written before it counts."""
    return home / DATASET / table / _STAGED.format(name=name)


def carry_out(home: Path, swap: Swap, on_step: Step) -> None:
    """Replaces the old files by the staged one.

    Args:
        home: The home folder, of which this process holds the lock.
        swap: The staged file is complete and has been proved to hold what the old ones hold.
        on_step: Told of each step before it is taken.
    """
    on_step("sync the new file")
    _sync(staged(home, swap.table, swap.new))
    _sync(home / DATASET / swap.table)
    on_step("write the journal")
    journal = home / _JOURNAL
    draft = journal.with_suffix(".draft")
    draft.write_text(json.dumps(asdict(swap)), encoding="utf-8")
    _sync(draft)
    on_step("let the journal count")
    draft.replace(journal)
    _sync(home)
    _finish(home, swap, on_step)


def recover(home: Path, on_step: Step = lambda _: None) -> None:
    """Ends the swap that a killed compaction left, and removes what never counted.

    Args:
        home: The home folder, of which this process holds the lock; it need not exist.
        on_step: Told of each step before it is taken.

    Raises:
        InputError: The journal names a new file that is nowhere; no file was touched.
    """
    journal = home / _JOURNAL
    if journal.exists():
        told = json.loads(journal.read_text(encoding="utf-8"))
        _finish(home, Swap(told["table"], told["new"], tuple(told["old"])), on_step)
    journal.with_suffix(".draft").unlink(missing_ok=True)
    for left in (home / DATASET).glob(f"*/{_STAGED.format(name='*')}"):
        on_step("remove what was never counted")
        left.unlink()


def _finish(home: Path, swap: Swap, on_step: Step) -> None:
    folder = home / DATASET / swap.table
    new, waiting = folder / swap.new, staged(home, swap.table, swap.new)
    if not new.exists() and not waiting.exists():
        raise InputError(
            f"{home / _JOURNAL} speaks of {waiting}, which is gone; put the lake's folder "
            f"{swap.table} back from a backup, then remove the journal"
        )
    for name in swap.old:
        on_step(f"remove {name}")
        (folder / name).unlink(missing_ok=True)
    on_step("let the new file count")
    if waiting.exists():
        waiting.replace(new)
    on_step("sync the folder")
    _sync(folder)
    on_step("remove the journal")
    (home / _JOURNAL).unlink()
    _sync(home)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

"""The loads that dlt has finished: one small file each, merged line by line into one."""

import hashlib
from pathlib import Path

from ingestion.compaction.outcome import TableOutcome
from ingestion.compaction.swap import Step, Swap, carry_out, staged
from ingestion.errors import InputError
from ingestion.lake import DATASET

_TABLE = "_dlt_loads"
# Fewer are not worth a rewrite of the long one.
_WORTH_IT = 16


def merge_loads(home: Path, on_step: Step) -> TableOutcome:
    """Merge the files of finished loads; every line stays, for ever.

    Args:
        home: The home folder, of which this process holds the lock.
        on_step: Told of each step before it is taken.

    Returns:
        What became of them.

    Raises:
        InputError: What was written is not what was read; the lake is whole.
    """
    folder = home / DATASET / _TABLE
    before = {path: path.stat().st_size for path in sorted(folder.glob("*.jsonl"))}
    if len(before) >= _WORTH_IT:
        _merge(home, list(before), on_step)
    after = [path.stat().st_size for path in folder.glob("*.jsonl")]
    return TableOutcome(_TABLE, len(before), len(after), sum(before.values()), sum(after))


def _merge(home: Path, files: list[Path], on_step: Step) -> None:
    names = tuple(path.name for path in files)
    name = f"merged.{hashlib.sha256('/'.join(names).encode()).hexdigest()[:16]}.jsonl"
    target = staged(home, _TABLE, name)
    lines = [line for path in files for line in _lines(path)]
    on_step("write the new file")
    try:
        target.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        on_step("prove the new file")
        if _lines(target) != lines:
            raise InputError("compaction of the finished loads stopped; please report it")
    except Exception:
        target.unlink(missing_ok=True)
        raise
    carry_out(home, Swap(_TABLE, name, names), on_step)


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text("utf-8").splitlines() if line.strip()]

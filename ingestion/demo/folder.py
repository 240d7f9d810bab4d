"""The output folder's safety: only a demo is ever replaced, and only by a whole one."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

from ingestion.errors import InputError

TRUTH = "truth.json"
_PARTIAL = ".demo-partial"


def replace_demo(out: Path, write: Callable[[Path], dict[str, object]]) -> None:
    """Writes a demo beside the earlier one, then puts it in that one's place, file by file.

    Args:
        out: Folder to write, made where it is missing; files that no demo wrote stay.
        write: Writes the inputs into an empty folder and returns what goes into `truth.json`.

    Raises:
        InputError: The folder holds something and is no demo, or cannot be written.
    """
    earlier = _earlier_files(out)
    partial = out / _PARTIAL
    try:
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
    except OSError as error:
        raise InputError(f"demo: cannot write to {out}: {error.strerror}") from error
    try:
        planted = write(partial)
        _publish(out, partial, earlier, planted)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _earlier_files(out: Path) -> list[str]:
    """Files of an earlier demo in the folder, relative to it.

    Raises:
        InputError: The folder is not empty and no demo.
    """
    if out.exists() and not out.is_dir():
        raise InputError(f"demo: {out} is not a folder")
    if not out.is_dir() or not any(path.name != _PARTIAL for path in out.iterdir()):
        return []
    try:
        content = json.loads((out / TRUTH).read_text(encoding="utf-8"))
        if content["demo"] is True:
            return [str(name) for name in content["files"]]
    except (OSError, ValueError, KeyError, TypeError):
        pass
    raise InputError(f"demo: {out} is not empty and holds no demo company; choose another folder")


def _publish(out: Path, partial: Path, earlier: list[str], planted: dict[str, object]) -> None:
    files = sorted(path.relative_to(partial) for path in partial.rglob("*") if path.is_file())
    _remove(out, earlier)
    # Before the files: it marks the folder as a demo, so that a broken-off run can be repeated.
    names = [name.as_posix() for name in files]
    text = json.dumps({"demo": True, "files": names} | planted, indent=1, sort_keys=True)
    (out / TRUTH).write_text(text + "\n", encoding="utf-8")
    for name in files:
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (partial / name).replace(out / name)


def _remove(out: Path, names: list[str]) -> None:
    """Removes files and the folders that they leave empty, never outside `out`."""
    root = out.resolve()
    for name in names:
        path = (root / name).resolve()
        if not path.is_relative_to(root):
            continue
        path.unlink(missing_ok=True)
        for parent in path.parents:
            if parent == root or not parent.is_dir() or any(parent.iterdir()):
                break
            parent.rmdir()

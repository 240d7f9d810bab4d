"""What lies in the inputs folder: files, the deliveries they belong to, and their order."""

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ingestion.errors import InputError

EXTENSIONS = (".csv.gz", ".jsonl.gz", ".csv", ".jsonl", ".parquet")
# The scheduler's accounts are one kind of text, whatever a file of it is called.
SACCT_EXTENSIONS = (".sacct.gz", ".sacct")

_HASH_BLOCK = 4 << 20
_UNKNOWN_EXTENSION = "unknown extension"
_LINK_OUTSIDE = "the link points outside the inputs folder"
_LINK_BROKEN = "the link points to nothing"


@dataclass(frozen=True)
class InputFile:
    """One file of a system's inputs folder.

    Attributes:
        source: Lake table its rows go to.
        path: Where it is.
        name: Path relative to the inputs folder, with forward slashes.
        delivery: The file's own name, or the subfolder of the system's folder it lies in.
        delivery_sort_key: The delivery's name such that text order is natural order.
        extension: The one of `EXTENSIONS` it ends with, empty where it has none of them; of
            `SACCT_EXTENSIONS` for the scheduler's text.
        size_bytes: Its size.
        modified_ns: When it was last modified, nanoseconds since 1970.
        refusal: Why it is not even opened, None for a file that is.
    """

    source: str
    path: Path
    name: str
    delivery: str
    delivery_sort_key: str
    extension: str
    size_bytes: int
    modified_ns: int
    refusal: str | None = None

    def has_changed(self) -> bool:
        """Whether the file is no longer what it was when it was found."""
        try:
            status = self.path.stat()
        except OSError:
            return True
        return (status.st_size, status.st_mtime_ns) != (self.size_bytes, self.modified_ns)

    def sha256(self) -> str:
        """The hash of its content; of the link itself for a refused link."""
        digest = hashlib.sha256()
        if self.refusal in (_LINK_OUTSIDE, _LINK_BROKEN):
            digest.update(os.fsencode(self.path.readlink()))
            return digest.hexdigest()
        try:
            with self.path.open("rb") as content:
                while block := content.read(_HASH_BLOCK):
                    digest.update(block)
        except OSError as error:
            raise InputError(f"{self.path} cannot be read: {error.strerror}") from error
        return digest.hexdigest()


def natural_key(name: str) -> str:
    """A name such that text order is natural order: `v2` before `v10`, whatever the case."""
    return re.sub(r"\d+", lambda run: run.group().lstrip("0").zfill(20), name.lower())


def discover(system: str, inputs: Path) -> list[InputFile]:
    """The files of a system, in natural order of delivery and file.

    Args:
        system: Name of the system, also of its folder.
        inputs: The inputs folder.

    Returns:
        Its files; files not to be opened carry a `refusal`. None where the folder is missing.

    Raises:
        InputError: If the inputs folder does not exist or the system's folder is a file.
    """
    if not inputs.is_dir():
        raise InputError(f"the inputs folder {inputs} does not exist")
    folder = inputs / system
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder} is a file, it should be a folder of files")
    found = (
        _describe(system, folder, path, refusal)
        for path, refusal in _walk(folder, inputs.resolve(), frozenset())
    )
    return sorted(found, key=lambda file: (file.delivery_sort_key, natural_key(file.name)))


def _walk(
    folder: Path, root: Path, ancestors: frozenset[Path]
) -> Iterator[tuple[Path, str | None]]:
    """Every file below a folder, following links that stay inside the inputs folder."""
    if not folder.is_dir():
        return
    ancestors = ancestors | {folder.resolve()}
    for path in folder.iterdir():
        if _is_silent(path.name):
            continue
        target = path.resolve()
        if path.is_symlink() and not target.is_relative_to(root):
            yield path, _LINK_OUTSIDE
        elif not path.exists():
            yield path, _LINK_BROKEN
        elif path.is_dir():
            if target not in ancestors:
                yield from _walk(path, root, ancestors)
        elif path.is_file():
            yield path, None


def _is_silent(name: str) -> bool:
    lowered = name.lower()
    return (
        name.startswith(".")
        or lowered.startswith("readme")
        or lowered.endswith(".md")
        or name == "_SUCCESS"
    )


def _describe(system: str, folder: Path, path: Path, refusal: str | None) -> InputFile:
    within = path.relative_to(folder)
    delivery = within.parts[0]
    extension = _extension(system, path.name.lower())
    status = path.lstat() if refusal else path.stat()
    return InputFile(
        source=_table(system, path.name),
        path=path,
        name=f"{system}/{within.as_posix()}",
        delivery=delivery,
        delivery_sort_key=natural_key(delivery),
        extension=extension,
        size_bytes=status.st_size,
        modified_ns=status.st_mtime_ns,
        refusal=refusal or (None if extension else _UNKNOWN_EXTENSION),
    )


def _extension(system: str, name: str) -> str:
    known = next((end for end in EXTENSIONS if name.endswith(end)), "")
    if system == "gpu_jobs" and known in ("", ".csv", ".csv.gz"):
        return ".sacct.gz" if name.endswith(".gz") else ".sacct"
    return known


def _table(system: str, name: str) -> str:
    if system == "prices" and name.lower().startswith("gpu_prices"):
        return "gpu_prices"
    return system

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
_NAME_NOT_UTF8 = "the name of the file is not UTF-8: rename it"
_LINK_OUTSIDE = "the link points outside the inputs folder"
_LINK_BROKEN = "the link points to nothing"
_LINK_LOOP = "the link leads back to a folder it lies in, or to itself"
_NO_FILE = "is neither a file nor a folder"
# In place of the hash of content that cannot be read; it never equals what is read later.
UNREADABLE = "unreadable"


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

    def sha256(self) -> str | None:
        """The hash of its content, or of a link itself where it is refused.

        Returns:
            The hash; `UNREADABLE` where there is no content to be read; None where the file is
            gone since it was found.
        """
        digest = hashlib.sha256()
        try:
            if self.refusal is not None and self.path.is_symlink():
                digest.update(os.fsencode(self.path.readlink()))
            elif self.path.is_file():
                with self.path.open("rb") as content:
                    while block := content.read(_HASH_BLOCK):
                        digest.update(block)
            else:
                # Opening a pipe would wait for someone to write into it.
                return UNREADABLE if os.path.lexists(self.path) else None
        except FileNotFoundError:
            return None
        except OSError:
            return UNREADABLE
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
        InputError: If the inputs folder does not exist, or the system's folder is a file, a link
            to nothing, or closed to us.
    """
    if not inputs.is_dir():
        raise InputError(f"the inputs folder {inputs} does not exist")
    folder = inputs / system
    if folder.is_symlink() and not folder.exists():
        raise InputError(f"{folder} is a link that points to nothing")
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder} is a file, it should be a folder of files")
    described = (
        _describe(system, folder, path, refusal) for path, refusal in _walk(folder, inputs)
    )
    found = [file for file in described if file is not None]
    return sorted(
        found, key=lambda file: (file.delivery_sort_key, natural_key(file.name), file.name)
    )


def _walk(folder: Path, inputs: Path) -> Iterator[tuple[Path, str | None]]:
    """Every file below a folder, with why it is not to be opened, None for one that is.

    Links are followed where they stay inside the inputs folder, or inside the folder itself, which
    may be a link to somewhere else.
    """
    if not folder.is_dir():
        return
    roots = (inputs.resolve(), folder.resolve())
    # A folder and where it and the folders it was reached by really are.
    waiting: list[tuple[Path, frozenset[Path]]] = [(folder, frozenset({folder.resolve()}))]
    while waiting:
        here, ancestors = waiting.pop()
        try:
            paths = list(here.iterdir())
        except FileNotFoundError:
            continue
        except OSError as error:
            if here == folder:
                raise InputError(f"{folder} cannot be read: {_spoken(error)}") from error
            yield here, f"the folder cannot be read: {_spoken(error)}"
            continue
        for path in paths:
            if _is_silent(path.name):
                continue
            try:
                target = path.resolve()
                refusal = _refusal(path, target, roots, ancestors)
                if refusal is None and path.is_dir():
                    waiting.append((path, ancestors | {target}))
                    continue
            except OSError as error:
                refusal = f"the file cannot be read: {_spoken(error)}"
            except RuntimeError:
                # What Python before 3.13 raises for a link to itself.
                refusal = _LINK_LOOP
            yield path, refusal


def _refusal(
    path: Path, target: Path, roots: tuple[Path, ...], ancestors: frozenset[Path]
) -> str | None:
    """Why a path is not to be opened, None where it is."""
    is_link = path.is_symlink()
    if is_link and not any(target.is_relative_to(root) for root in roots):
        return _LINK_OUTSIDE
    if is_link and any(folder.is_relative_to(target) for folder in ancestors):
        return _LINK_LOOP
    if not path.exists():
        return _LINK_BROKEN if is_link else None
    if not path.is_file() and not path.is_dir():
        return _NO_FILE
    return None


def _spoken(error: OSError) -> str:
    return (error.strerror or "unknown error").lower()


def _is_silent(name: str) -> bool:
    """Whether a file is beside the data and no data: notes, markers and manifests of exporters."""
    lowered = name.lower()
    return (
        name.startswith(".")
        or lowered.startswith("readme")
        or lowered.endswith(".md")
        or lowered in ("_success", "manifest.json", "_manifest.json")
    )


def _shown(name: str) -> str:
    """A name as text: bytes that are no UTF-8 as backslash escapes, so that it can be stored."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _describe(system: str, folder: Path, path: Path, refusal: str | None) -> InputFile | None:
    """What is known of a file before it is opened, None where it is gone meanwhile."""
    within = path.relative_to(folder)
    delivery = _shown(within.parts[0])
    extension = _extension(system, path.name.lower())
    name = _shown(f"{system}/{within.as_posix()}")
    if refusal is None and name != f"{system}/{within.as_posix()}":
        # Arrow opens files by names in UTF-8 only.
        refusal = _NAME_NOT_UTF8
    try:
        status = path.lstat() if refusal else path.stat()
    except OSError:
        return None
    return InputFile(
        source=_table(system, path.name),
        path=path,
        name=name,
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

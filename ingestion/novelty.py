"""What is new: the files of a system against the ledger in the lake, its only memory."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from ingestion.deliveries import UNREADABLE, InputFile

SAME_CONTENT = "same content as "


@dataclass(frozen=True)
class NewFile:
    """A file version to be loaded.

    Attributes:
        file: The file.
        sha256: The hash of its content.
        duplicate_of: Another file with this content, which makes this version an empty one: it
            only takes the place of the path's earlier version.
    """

    file: InputFile
    sha256: str
    duplicate_of: str | None = None


class Novelty:
    """Decides file by file, in order, what is to be loaded.

    A path whose newest version has the file's hash is unchanged. Content that another live path
    holds is a duplicate; for billing only within a delivery, because a delivery equal to an earlier
    one restores it.

    Args:
        files: The files of a system; those that are gone since they were found are left out.
        ledger: The ledger of complete loads, oldest first.
    """

    def __init__(self, files: list[InputFile], ledger: pa.Table) -> None:
        self.unchanged = 0
        self.duplicate = 0
        sources = {file.source for file in files}
        self._known: dict[tuple[str, str], dict[str, Any]] = {
            (row["source"], row["file"]): row
            for row in ledger.to_pylist()
            if row["source"] in sources
        }
        hashes = [(file, self._hash(file)) for file in files]
        self._files = [file for file, sha256 in hashes if sha256 is not None]
        self._hashes = {file.name: sha256 for file, sha256 in hashes if sha256 is not None}
        self._live: dict[tuple[str, str, str], str] = {}
        for (source, name), row in self._known.items():
            if self._hashes.get(name, row["sha256"]) == row["sha256"] and _has_content(row):
                self._live.setdefault(_scope(source, row["delivery"], row["sha256"]), name)

    def new_files(self) -> Iterator[NewFile]:
        """The file versions to load; `loaded` must be told of each before the next is asked for."""
        for file in self._files:
            sha256 = self._hashes[file.name]
            known = self._known.get((file.source, file.name))
            is_known = known is not None and known["sha256"] == sha256
            if known is not None and is_known and not _is_duplicate(known):
                self.unchanged += 1
                continue
            twin = self._live.get(_scope(file.source, file.delivery, sha256))
            if file.size_bytes and twin not in (None, file.name):
                self.duplicate += 1
                if known is not None and not is_known:
                    yield NewFile(file, sha256, duplicate_of=twin)
                continue
            yield NewFile(file, sha256)

    def loaded(self, new: NewFile, is_complete: bool) -> None:
        """Take note that a file version was loaded, to its end or not."""
        if is_complete and new.duplicate_of is None:
            file = new.file
            self._live.setdefault(_scope(file.source, file.delivery, new.sha256), file.name)

    def _hash(self, file: InputFile) -> str | None:
        known = self._known.get((file.source, file.name))
        if known is not None and (file.size_bytes, file.modified_ns) == (
            known["size_bytes"],
            known["modified_ns"],
        ):
            # Permissions change without a trace in size and time.
            return known["sha256"] if known["sha256"] != UNREADABLE else file.sha256()
        return file.sha256()


def _scope(source: str, delivery: str, sha256: str) -> tuple[str, str, str]:
    return source, delivery if source == "billing" else "", sha256


def _is_duplicate(row: dict[str, Any]) -> bool:
    return (row["message"] or "").startswith(SAME_CONTENT)


def _has_content(row: dict[str, Any]) -> bool:
    return row["is_complete"] and row["size_bytes"] > 0 and not _is_duplicate(row)

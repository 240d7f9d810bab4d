"""The stream of Arrow tables one load writes: data, quarantine and ledger rows of each new file."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

import pyarrow as pa

from ingestion.columns import ColumnMatch, match_columns
from ingestion.contracts import CONTRACTS
from ingestion.contracts.model import Contract
from ingestion.engine import Item
from ingestion.errors import UnreadableFileError
from ingestion.novelty import SAME_CONTENT, NewFile, Novelty
from ingestion.outcomes import FileOutcome
from ingestion.prefetch import prefetched
from ingestion.readers import BadRow, Reader, open_reader
from ingestion.validation import Rejected, check_chunk


class Feed:
    """Reads new files one after the other and keeps their outcomes.

    Args:
        novelty: Decides which files are new.
        loaded_at: Naive UTC time stamped on the ledger rows.
        on_file: Called with each file's outcome once it is read.
    """

    def __init__(
        self,
        novelty: Novelty,
        loaded_at: dt.datetime,
        on_file: Callable[[FileOutcome], None] | None = None,
    ) -> None:
        self.outcomes: list[FileOutcome] = []
        self._novelty = novelty
        self._loaded_at = loaded_at
        self._on_file = on_file

    def items(self) -> Iterator[Item]:
        """Rows for the lake, file by file.

        Yields:
            Lake table names with rows of that table's contract.
        """
        for new in self._novelty.new_files():
            load = _FileLoad(new)
            yield from load.items()
            outcome = load.outcome()
            self._novelty.loaded(new, outcome.is_complete)
            yield "load_ledger", self._ledger_row(new, outcome, load.ignored)
            self.outcomes.append(outcome)
            if self._on_file is not None:
                self._on_file(outcome)

    def _ledger_row(self, new: NewFile, outcome: FileOutcome, ignored: tuple[str, ...]) -> pa.Table:
        row: dict[str, Any] = {
            **asdict(outcome),
            "delivery_sort_key": new.file.delivery_sort_key,
            "sha256": new.sha256,
            "size_bytes": new.file.size_bytes,
            "modified_ns": new.file.modified_ns,
            "ignored_columns": ", ".join(ignored) or None,
            "loaded_at": self._loaded_at,
        }
        return pa.Table.from_pylist([row], CONTRACTS["load_ledger"].schema)


class _FileLoad:
    """One file on its way to the lake."""

    def __init__(self, new: NewFile) -> None:
        self.ignored: tuple[str, ...] = ()
        self._new = new
        self._contract: Contract = CONTRACTS[new.file.source]
        self._loaded = 0
        self._quarantined = 0
        self._is_complete = True
        self._message: str | None = None

    def items(self) -> Iterator[Item]:
        if self._new.duplicate_of is not None:
            self._message = SAME_CONTENT + self._new.duplicate_of
            return
        try:
            yield from self._rows()
        except UnreadableFileError as error:
            self._is_complete = False
            self._message = error.reason
            yield self._refused(error)

    def outcome(self) -> FileOutcome:
        file = self._new.file
        return FileOutcome(
            source=file.source,
            file=file.name,
            delivery=file.delivery,
            rows_read=self._loaded + self._quarantined,
            rows_loaded=self._loaded,
            rows_quarantined=self._quarantined,
            is_complete=self._is_complete,
            message=self._message,
        )

    def _rows(self) -> Iterator[Item]:
        file = self._new.file
        if file.refusal is not None:
            raise UnreadableFileError(file.refusal)
        if not file.size_bytes:
            raise UnreadableFileError("the file is empty")
        reader = open_reader(file.path, file.extension, self._contract)
        match = self._match(reader)
        try:
            checks = (
                (chunk.bad, check_chunk(self._contract, chunk)) for chunk in reader.chunks(match)
            )
            for bad, checked in prefetched(checks):
                if bad:
                    yield self._unread(bad)
                if checked.rejected is not None:
                    yield self._rejected(checked.rejected)
                if len(checked.row_numbers):
                    yield self._good(checked.values, checked.row_numbers)
        finally:
            self.ignored = self.ignored or reader.ignored
        if file.has_changed():
            raise UnreadableFileError("the file changed while it was read")

    def _match(self, reader: Reader) -> ColumnMatch:
        if reader.names is None:
            return ColumnMatch({}, ())
        match = match_columns(self._contract, reader.names)
        self.ignored = match.ignored
        return match

    def _good(self, values: list[pa.Array], row_numbers: pa.Array) -> Item:
        count = len(row_numbers)
        self._loaded += count
        file = self._new.file
        delivery = pa.repeat(pa.scalar(file.delivery), count)
        name = pa.repeat(pa.scalar(file.name), count)
        arrays = [*values, delivery, name, row_numbers]
        return file.source, pa.Table.from_arrays(arrays, schema=self._contract.schema)

    def _rejected(self, rejected: Rejected) -> Item:
        return self._quarantine(
            rejected.row_numbers, rejected.column_names, rejected.values, rejected.reasons
        )

    def _unread(self, bad: list[BadRow]) -> Item:
        return self._quarantine(
            pa.array([row.row_number for row in bad], pa.int64()),
            pa.nulls(len(bad), pa.string()),
            pa.array([row.value for row in bad], pa.string()),
            pa.array([row.reason for row in bad], pa.string()),
        )

    def _refused(self, error: UnreadableFileError) -> Item:
        text = pa.string()
        return self._quarantine(
            pa.nulls(1, pa.int64()),
            pa.array([error.column_name], text),
            pa.nulls(1, text),
            pa.array([error.reason], text),
        )

    def _quarantine(self, *columns: pa.Array) -> Item:
        count = len(columns[0])
        self._quarantined += count
        file = self._new.file
        constants = [
            pa.repeat(pa.scalar(value), count) for value in (file.source, file.name, file.delivery)
        ]
        schema = CONTRACTS["quarantine"].schema
        return "quarantine", pa.Table.from_arrays([*constants, *columns], schema=schema)

"""Parquet: row batches of the columns a contract knows, with flat memory."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ingestion.columns import ColumnMatch
from ingestion.errors import UnreadableFileError
from ingestion.kernels import pc
from ingestion.readers.chunk import Chunk
from ingestion.readers.stream import explained
from ingestion.readers.uuids import uuid_texts

_BATCH_ROWS = 1 << 17
# Bytes a value takes when it is stored as a reference to a short dictionary.
_REPEATED_BYTES = 4


class ParquetReader:
    """Reads one Parquet file in batches.

    Args:
        path: The file.

    Raises:
        UnreadableFileError: If its metadata cannot be read.
    """

    def __init__(self, path: Path) -> None:
        with explained():
            with pq.ParquetFile(path) as file:
                repeated = _repeated_texts(file)
            self._file = pq.ParquetFile(
                path,
                pre_buffer=False,
                read_dictionary=repeated,
                # Free where pages carry no checksum; damaged digits are still digits without it.
                page_checksum_verification=True,
            )
            self.names = list(self._file.schema_arrow.names)
        self.ignored: tuple[str, ...] = ()

    def chunks(self, match: ColumnMatch) -> Iterator[Chunk]:
        """The file's rows.

        Args:
            match: The columns to read.

        Yields:
            Chunks with columns as Parquet types them.

        Raises:
            UnreadableFileError: If the file cannot be read to its end.
        """
        first = 1
        with explained(), self._file as file:
            wanted = list(match.sources.values())
            for batch in file.iter_batches(_BATCH_ROWS, columns=wanted):
                columns = {
                    published: _plain(batch.column(name))
                    for published, name in match.sources.items()
                }
                numbers = np.arange(first, first + batch.num_rows, dtype=np.int64)
                first += batch.num_rows
                yield Chunk(columns, numbers)


def _plain(values: pa.Array) -> pa.Array:
    """The values in a type that every kernel knows: no views, no extension types, legal text."""
    if isinstance(values.type, pa.UuidType):
        return uuid_texts(values.storage)
    if isinstance(values, pa.ExtensionArray):
        return _plain(values.storage)
    if pa.types.is_string_view(values.type):
        values = values.cast(pa.binary_view()).cast(pa.binary())
        return values if _has_bad_text(values.view(pa.string())) else values.view(pa.string())
    if pa.types.is_binary_view(values.type):
        return values.cast(pa.binary())
    if pa.types.is_dictionary(values.type):
        last = pc.max(values.indices).as_py()
        if last is not None and last >= len(values.dictionary):
            raise UnreadableFileError("a page of the file is damaged")
    if not _has_bad_text(values):
        return values
    if pa.types.is_nested(values.type):
        raise UnreadableFileError("a nested value is damaged or holds text that is not UTF-8")
    # As bytes, so that the casts find the rows that are no text.
    if pa.types.is_dictionary(values.type):
        values = values.cast(pa.dictionary(values.type.index_type, pa.binary()))
        return values.dictionary_decode()
    return values.view(pa.large_binary() if pa.types.is_large_string(values.type) else pa.binary())


def _has_bad_text(values: pa.Array) -> bool:
    """Whether text is not UTF-8: Parquet promises that it is, and Arrow takes its word."""
    kind = values.type
    checked = values.dictionary if pa.types.is_dictionary(kind) else values
    if not (
        pa.types.is_string(checked.type)
        or pa.types.is_large_string(checked.type)
        or pa.types.is_nested(checked.type)
    ):
        return False
    try:
        checked.validate(full=True)
    except pa.ArrowInvalid:
        return True
    return False


def _repeated_texts(file: pq.ParquetFile) -> list[str]:
    """Text columns whose values repeat so much that they are better read as dictionaries."""
    if not file.num_row_groups:
        return []
    leaves = {file.schema.column(i).path: i for i in range(len(file.schema))}
    texts = {
        field.name: leaves[field.name]
        for field in file.schema_arrow
        if pa.types.is_string(field.type) and field.name in leaves
    }
    # Where the metadata of a column is damaged, asking for it ends the process; reading a row of it
    # raises.
    next(file.iter_batches(1, row_groups=[0], columns=list(texts)), None)
    group = file.metadata.row_group(0)
    chunks = {name: group.column(leaf) for name, leaf in texts.items()}
    return [
        name
        for name, chunk in chunks.items()
        if chunk.has_dictionary_page
        and chunk.total_uncompressed_size < _REPEATED_BYTES * max(chunk.num_values, 1)
    ]

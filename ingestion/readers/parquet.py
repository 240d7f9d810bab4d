"""Parquet: row batches of the columns a contract knows, with flat memory."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ingestion.columns import ColumnMatch
from ingestion.readers.chunk import Chunk
from ingestion.readers.stream import explained

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
            self._file = pq.ParquetFile(path, pre_buffer=False, read_dictionary=repeated)
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
                    published: batch.column(name) for published, name in match.sources.items()
                }
                numbers = np.arange(first, first + batch.num_rows, dtype=np.int64)
                first += batch.num_rows
                yield Chunk(columns, numbers)


def _repeated_texts(file: pq.ParquetFile) -> list[str]:
    """Text columns whose values repeat so much that they are better read as dictionaries."""
    if not file.num_row_groups:
        return []
    group = file.metadata.row_group(0)
    chunks = {group.column(i).path_in_schema: group.column(i) for i in range(group.num_columns)}
    return [
        field.name
        for field in file.schema_arrow
        if pa.types.is_string(field.type)
        and (chunk := chunks.get(field.name)) is not None
        and chunk.has_dictionary_page
        and chunk.total_uncompressed_size < _REPEATED_BYTES * max(chunk.num_values, 1)
    ]

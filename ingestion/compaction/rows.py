"""Rows of several Parquet files as one stream: one schema, a fixed order, little memory."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

# As many rows as ingestion hands on at once; also the size of a row group.
BATCH_ROWS = 1 << 17


def common_schema(files: Iterable[Path]) -> pa.Schema:
    """The columns of all files.

    Returns:
        Each column once, in the order of its first appearance, all nullable.

    Raises:
        pa.ArrowInvalid: A column has one type here and another there.
        pa.ArrowTypeError: The same.
    """
    return pa.unify_schemas([_plain(pq.read_schema(file)) for file in files])


def stream(files: Iterable[Path], schema: pa.Schema) -> Iterator[pa.Table]:
    """The rows of files, file by file, in their order.

    Args:
        files: Parquet files.
        schema: What to make of them; columns that a file lacks are null.

    Yields:
        At most `BATCH_ROWS` rows at a time.
    """
    for path in files:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(BATCH_ROWS):
                yield _aligned(pa.Table.from_batches([batch]), schema)


def _plain(schema: pa.Schema) -> pa.Schema:
    """Without dictionaries, notes and promises of non-null values, in which writers differ."""
    return pa.schema(
        [
            pa.field(
                column.name,
                column.type.value_type if pa.types.is_dictionary(column.type) else column.type,
            )
            for column in schema
        ]
    )


def _aligned(rows: pa.Table, schema: pa.Schema) -> pa.Table:
    has = set(rows.column_names)
    return pa.table(
        [
            rows.column(column.name).cast(column.type)
            if column.name in has
            else pa.nulls(len(rows), column.type)
            for column in schema
        ],
        schema=schema,
    )

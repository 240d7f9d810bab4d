"""CSV, plain or gzip: every column as bytes first, so that one bad value spoils one row."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pv

from ingestion.columns import ColumnMatch
from ingestion.errors import UnreadableFileError
from ingestion.kernels import pc
from ingestion.readers import utf8
from ingestion.readers.chunk import BadRow, Chunk, raw_text
from ingestion.readers.stream import BLOCK_BYTES, explained, open_bytes, require_text

_HEADER_BYTES = 64 << 10
_NULLS = ["", "NULL", "null"]


@dataclass(frozen=True)
class Dialect:
    """How a text file separates values.

    Attributes:
        delimiter: Between two values.
        quote: Around a value that holds delimiters or line breaks; empty where nothing quotes.
    """

    delimiter: str
    quote: str


COMMA_SEPARATED = Dialect(",", '"')
# `sacct --parsable2` neither quotes nor escapes.
SACCT = Dialect("|", "")


class CsvReader:
    """Reads one CSV file in blocks.

    Args:
        path: The file.
        compressed: Whether it is gzip.
        dialect: How it separates values.

    Raises:
        UnreadableFileError: If the file is no text or has no header.
    """

    def __init__(self, path: Path, compressed: bool, dialect: Dialect = COMMA_SEPARATED) -> None:
        self._path = path
        self._dialect = dialect
        self._compressed = compressed
        require_text(path, compressed)
        self._has_rows = True
        self.names = self._header()
        self.ignored: tuple[str, ...] = ()

    def chunks(self, match: ColumnMatch) -> Iterator[Chunk]:
        """The file's rows.

        Args:
            match: The columns to read; the others are not converted.

        Yields:
            Chunks with binary columns; rows with a wrong number of values are in `bad`.

        Raises:
            UnreadableFileError: If the file cannot be read to its end.
        """
        if not self._has_rows:
            return
        skipped: list[BadRow] = []
        published = list(match.sources)
        options = pv.ConvertOptions(
            include_columns=list(match.sources.values()),
            column_types={name: pa.binary() for name in match.sources.values()},
            null_values=_NULLS,
            strings_can_be_null=True,
            quoted_strings_can_be_null=True,
            check_utf8=False,
        )
        next_row = 1
        # One value too many: a row that no file's own row can be.
        last_row = self._dialect.delimiter.join([utf8.MARK] * (len(self.names) + 1))
        stream = self._stream(last_row)
        try:
            with explained(), self._opened(stream, options, skipped, BLOCK_BYTES) as reader:
                for batch in reader:
                    numbers = _row_numbers(next_row, batch.num_rows, skipped)
                    if len(numbers):
                        next_row = int(numbers[-1]) + 1
                    bad = [row for row in skipped if row.row_number < next_row]
                    del skipped[: len(bad)]
                    arrays = batch.columns
                    if stream.has_marks:
                        arrays = [
                            pc.replace_substring(array, utf8.MARK_BYTES, utf8.NEVER_UTF8)
                            for array in arrays
                        ]
                    columns = dict(zip(published, arrays, strict=True))
                    yield Chunk(columns, numbers, bad)
        except UnreadableFileError:
            # What ended the bytes says more than what the parser missed in them.
            with explained():
                stream.raise_error()
            raise
        if skipped:
            yield Chunk({}, np.empty(0, np.int64), skipped)
        with explained():
            stream.raise_error()
        if not stream.is_closed:
            raise UnreadableFileError("a quoted value is never closed")

    def _stream(self, last_row: str = "") -> utf8.MarkedStream:
        stream = open_bytes(self._path, self._compressed)
        return utf8.MarkedStream(stream, self._dialect.quote, last_row)

    def _header(self) -> list[str]:
        options = pv.ConvertOptions(check_utf8=False)
        failed: UnreadableFileError | None = None
        for block_bytes in (_HEADER_BYTES, BLOCK_BYTES):
            try:
                with explained(), self._opened(self._stream(), options, [], block_bytes) as reader:
                    names = reader.schema.names
            except UnreadableFileError as error:
                failed = error
                continue
            if any(utf8.MARK in name for name in names):
                raise UnreadableFileError("the header is not UTF-8 text")
            return names
        names = self._lone_header()
        if names is None:
            raise failed or UnreadableFileError("the file has no header")
        self._has_rows = False
        return names

    def _lone_header(self) -> list[str] | None:
        """The header of a file that ends with it, without a line break."""
        stream = self._stream()
        with explained(), stream:
            content = stream.read(BLOCK_BYTES)
            stream.raise_error()
        try:
            rows = list(
                csv.reader(
                    io.StringIO(content.decode("utf-8-sig")), delimiter=self._dialect.delimiter
                )
            )
        except (UnicodeDecodeError, csv.Error):
            return None
        rows = [row for row in rows if row]
        return rows[0] if len(rows) == 1 else None

    def _opened(
        self,
        stream: utf8.MarkedStream,
        options: pv.ConvertOptions,
        skipped: list[BadRow],
        block_bytes: int,
    ) -> pv.CSVStreamingReader:
        def skip(row: pv.InvalidRow) -> str:
            if stream.is_last_row(row.text):
                return "skip"
            reason = f"the row has {row.actual_columns} values, the header {row.expected_columns}"
            text = raw_text(stream.shown(row.text))
            # Arrow counts the header as row 1.
            skipped.append(BadRow(row.number - 1, text, reason))
            return "skip"

        return pv.open_csv(
            stream,
            # Arrow numbers invalid rows only when it parses in one thread.
            read_options=pv.ReadOptions(use_threads=False, block_size=block_bytes),
            parse_options=pv.ParseOptions(
                delimiter=self._dialect.delimiter,
                quote_char=self._dialect.quote or False,
                newlines_in_values=bool(self._dialect.quote),
                invalid_row_handler=skip,
            ),
            convert_options=options,
        )


def _row_numbers(first: int, count: int, skipped: list[BadRow]) -> np.ndarray:
    """Numbers of the next `count` good rows from row `first` on, leaving out the skipped ones."""
    if not skipped:
        return np.arange(first, first + count, dtype=np.int64)
    holes = np.fromiter((row.row_number for row in skipped), np.int64, len(skipped))
    candidates = np.arange(first, first + count + len(holes), dtype=np.int64)
    return np.setdiff1d(candidates, holes, assume_unique=True)[:count]

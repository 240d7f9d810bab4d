"""JSON lines, plain or gzip: blocks through Arrow's parser, line by line only where that fails."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.json as pj

from ingestion.columns import ColumnMatch
from ingestion.contracts.model import Column, Contract, match_key
from ingestion.errors import UnreadableFileError
from ingestion.readers.braces import plain_lines
from ingestion.readers.chunk import BadRow, Chunk, raw_text
from ingestion.readers.stream import BLOCK_BYTES, explained, open_bytes, read_block, require_text

_BOM = b"\xef\xbb\xbf"
_LONGEST_LINE = 64 << 20
_WIDE = pa.decimal256(76, 30)


class JsonlReader:
    """Reads one JSON lines file in blocks of whole lines.

    Args:
        path: The file.
        compressed: Whether it is gzip.
        contract: What the file should hold; it decides how numbers are read.

    Raises:
        UnreadableFileError: If the file is no text.
    """

    def __init__(self, path: Path, compressed: bool, contract: Contract) -> None:
        self._path = path
        self._compressed = compressed
        self._contract = contract
        self._types: dict[str, pa.DataType] = {}
        self._columns: dict[str, Column | None] = {}
        self.names: list[str] | None = None
        require_text(path, compressed)

    @property
    def ignored(self) -> tuple[str, ...]:
        """Keys met so far that the contract does not know."""
        return tuple(key for key, column in self._columns.items() if column is None)

    def chunks(self, match: ColumnMatch) -> Iterator[Chunk]:
        """The file's rows; blank lines are not rows.

        Args:
            match: Not used: keys are matched as they are met.

        Yields:
            Chunks; lines that are no JSON object are in `bad`.

        Raises:
            UnreadableFileError: If the file cannot be read to its end.
        """
        del match
        first = 1
        for block in self._blocks():
            chunk = self._fast(block, first) or self._slow(block, first)
            first += len(chunk.row_numbers) + len(chunk.bad)
            yield chunk

    def _blocks(self) -> Iterator[bytes]:
        rest = b""
        with explained(), open_bytes(self._path, self._compressed) as stream:
            error: Exception | None = None
            while error is None:
                piece, error = read_block(stream, BLOCK_BYTES)
                if not piece:
                    break
                block = rest + piece
                end = block.rfind(b"\n") + 1
                if not end and len(block) > _LONGEST_LINE:
                    raise UnreadableFileError("a line is longer than 64 MiB")
                rest = block[end:]
                if end:
                    yield block[:end].removeprefix(_BOM)
            if error is not None:
                # What is left is a line without its end.
                raise error
        if rest.strip():
            yield rest.removeprefix(_BOM)

    def _fast(self, block: bytes, first: int) -> Chunk | None:
        """The block by Arrow's parser, or None where any line needs a closer look."""
        braced = plain_lines(block)
        if braced is None:
            return None
        try:
            block.decode("utf-8")
            table = self._parsed(braced[0])
        except (UnicodeDecodeError, pa.ArrowException):
            return None
        if table.num_rows != braced[1]:
            return None
        columns = {}
        for name in table.column_names:
            column = self._columns[name]
            if column is not None:
                if column.published in columns:
                    return None
                values = _combined(table.column(name))
                if values is None:
                    return None
                columns[column.published] = values
        numbers = np.arange(first, first + table.num_rows, dtype=np.int64)
        return Chunk(columns, numbers)

    def _parsed(self, block: bytes) -> pa.Table:
        while True:
            table = pj.read_json(
                io.BytesIO(block),
                read_options=pj.ReadOptions(block_size=len(block) + 1),
                parse_options=pj.ParseOptions(
                    explicit_schema=pa.schema(list(self._types.items())),
                    unexpected_field_behavior="infer",
                ),
            )
            if not self._learn(table.schema):
                return table

    def _learn(self, schema: pa.Schema) -> bool:
        """Remember keys and how to read them; true when the block must be read again."""
        again = False
        for item in schema:
            column = self._column(item.name)
            if column is None or pa.types.is_null(item.type):
                continue
            wanted = _type_to_read(column, item.type)
            if wanted != item.type:
                again = again or self._types.get(item.name) != wanted
            self._types[item.name] = wanted
        return again

    def _column(self, key: str) -> Column | None:
        if key not in self._columns:
            self._columns[key] = self._contract.by_key.get(match_key(key))
        return self._columns[key]

    def _slow(self, block: bytes, first: int) -> Chunk:
        """The block line by line: every value as its own text."""
        rows: list[dict[str, str | None]] = []
        numbers, bad = [], []
        for number, line in enumerate(_lines(block), first):
            try:
                rows.append(self._row(line))
                numbers.append(number)
            except UnicodeDecodeError:
                bad.append(BadRow(number, raw_text(line), "the line is not valid UTF-8"))
            except (ValueError, RecursionError):
                bad.append(BadRow(number, raw_text(line), "the line is not a JSON object"))
        published = {key for row in rows for key in row}
        columns = {key: pa.array([row.get(key) for row in rows], pa.string()) for key in published}
        return Chunk(columns, np.array(numbers, np.int64), bad)

    def _row(self, line: bytes) -> dict[str, str | None]:
        text = line.decode("utf-8")
        # Numbers keep the digits they were written with.
        content = json.loads(text, parse_float=str, parse_int=str, parse_constant=str)
        if not isinstance(content, dict):
            raise ValueError("not an object")
        row: dict[str, str | None] = {}
        for key, value in content.items():
            column = self._column(key)
            if column is None or value is None:
                continue
            if isinstance(value, dict | list):
                value = json.dumps(json.loads(text)[key], ensure_ascii=False)
            row[column.published] = _scalar_text(value)
        return row


def _scalar_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).encode("utf-8", errors="replace").decode("utf-8")


def _type_to_read(column: Column, found: pa.DataType) -> pa.DataType:
    """How to read a key whose values Arrow inferred as `found`, so that nothing is lost."""
    if pa.types.is_nested(found):
        return _without_timestamps(found)
    if pa.types.is_timestamp(found) or pa.types.is_string(found):
        return pa.string()
    if pa.types.is_floating(found) or pa.types.is_integer(found) or pa.types.is_decimal(found):
        if column.kind == "decimal":
            return _WIDE
        if column.kind == "double":
            return pa.float64()
        # A fraction here is text to be judged, digit by digit.
        return pa.int64() if pa.types.is_integer(found) else pa.string()
    return found


def _without_timestamps(kind: pa.DataType) -> pa.DataType:
    """Nested type whose texts stay texts, also where they look like timestamps."""
    if pa.types.is_struct(kind):
        return pa.struct([(f.name, _without_timestamps(f.type)) for f in kind.fields])
    if pa.types.is_list(kind):
        return pa.list_(_without_timestamps(kind.value_type))
    return pa.string() if pa.types.is_timestamp(kind) else kind


def _combined(column: pa.ChunkedArray) -> pa.Array | None:
    """The values as one array, or None where Arrow's parser left them invalid.

    It does so for lists that begin with null (https://github.com/apache/arrow/issues/51305).
    """
    if pa.types.is_nested(column.type):
        try:
            column.validate(full=True)
        except pa.ArrowInvalid:
            return None
    combined = column.combine_chunks()
    return pa.concat_arrays(combined.chunks) if isinstance(combined, pa.ChunkedArray) else combined


def _lines(block: bytes) -> list[bytes]:
    return [line for line in block.split(b"\n") if line.strip()]

"""Opening files as bytes, and saying in plain words what Arrow says in its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa

from ingestion.errors import UnreadableFileError

BLOCK_BYTES = 8 << 20
_SNIFFED_BYTES = 64 << 10

# Arrow's own words, and ours.
_PLAIN_WORDS = (
    ("truncated compressed stream", "the compressed data ends too early"),
    ("zlib inflate failed", "the compressed data is damaged"),
    ("straddling object", "a row is too long, or a quoted value is never closed"),
    ("out of sync", "a row is too long, or a quoted value is never closed"),
    ("empty csv file", "the file has no header"),
    ("magic bytes not found", "the file is not Parquet, or it is cut off"),
    ("parquet file size is", "the file is not Parquet, or it is cut off"),
    ("thrift", "the Parquet metadata is damaged"),
    ("unexpected end of stream", "the file is cut off"),
)


def open_bytes(path: Path, compressed: bool) -> pa.NativeFile:
    """The file as a stream of uncompressed bytes."""
    return pa.input_stream(str(path), compression="gzip" if compressed else None)


@contextmanager
def explained() -> Iterator[None]:
    """Turn what Arrow and the system raise about a file into `UnreadableFileError`."""
    try:
        yield
    except (pa.ArrowException, OSError) as error:
        raise UnreadableFileError(_plain_words(str(error))) from error


def require_text(path: Path, compressed: bool) -> None:
    """Refuse a file whose start holds NUL bytes: no text file has them.

    Raises:
        UnreadableFileError: If it is binary or cannot be read at all.
    """
    with explained(), open_bytes(path, compressed) as stream:
        start = stream.read(_SNIFFED_BYTES)
    if not start:
        raise UnreadableFileError("the file is empty")
    if b"\0" in start:
        raise UnreadableFileError("the file is not UTF-8 text")


def _plain_words(message: str) -> str:
    lowered = message.lower()
    for theirs, ours in _PLAIN_WORDS:
        if theirs in lowered:
            return ours
    first_line = message.strip().splitlines()[0] if message.strip() else "unknown error"
    return f"the file cannot be read: {first_line}"

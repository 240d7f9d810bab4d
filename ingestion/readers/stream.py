"""Opening files as bytes, and saying in plain words what Arrow says in its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa

from ingestion.errors import UnreadableFileError

BLOCK_BYTES = 8 << 20
_SNIFFED_BYTES = 64 << 10
# A damaged archive loses the piece its damage is in: small pieces keep more of the rows before.
_PIECE_BYTES = 64 << 10

# Arrow's own words, and ours.
_PLAIN_WORDS = (
    ("no such file", "the file is gone"),
    ("permission denied", "the file cannot be read: permission denied"),
    ("truncated compressed stream", "the compressed data ends too early"),
    ("zlib inflate failed", "the compressed data is damaged"),
    ("straddling object", "a row is too long, or a quoted value is never closed"),
    ("out of sync", "a row is too long, or a quoted value is never closed"),
    ("empty csv file", "the file has no header"),
    ("magic bytes not found", "the file is not Parquet, or it is cut off"),
    ("parquet file size is", "the file is not Parquet, or it is cut off"),
    ("crc checksum", "a page of the file is damaged: its checksum is wrong"),
    ("thrift", "the Parquet metadata is damaged"),
    ("unexpected end of stream", "the file is cut off"),
)


def open_bytes(path: Path, compressed: bool) -> pa.NativeFile:
    """The file as a stream of uncompressed bytes."""
    return pa.input_stream(str(path), compression="gzip" if compressed else None)


def read_block(stream: pa.NativeFile, size: int) -> tuple[bytes, Exception | None]:
    """Up to `size` bytes (all there are where negative), and what ended them before that.

    Args:
        stream: What to read.
        size: Bytes wanted.

    Returns:
        The bytes before the end of the file or a read error, and that error.
    """
    pieces, missing = [], size
    while missing:
        try:
            piece = stream.read(_PIECE_BYTES if missing < 0 else min(missing, _PIECE_BYTES))
        except (OSError, pa.ArrowException) as error:
            return b"".join(pieces), error
        if not piece:
            break
        pieces.append(piece)
        missing -= len(piece) if missing > 0 else 0
    return b"".join(pieces), None


@contextmanager
def explained() -> Iterator[None]:
    """Turn what Arrow and the system raise about a file into `UnreadableFileError`."""
    try:
        yield
    except (pa.ArrowException, OSError) as error:
        raise UnreadableFileError(_plain_words(str(error))) from error
    except UnicodeDecodeError as error:
        raise UnreadableFileError("a name in the file is not UTF-8") from error


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

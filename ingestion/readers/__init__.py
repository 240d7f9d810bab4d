"""Readers: a file in, chunks of numbered rows out. The extension decides."""

from pathlib import Path

from ingestion.contracts.model import Contract
from ingestion.readers.chunk import BadRow, Chunk
from ingestion.readers.csv import SACCT, CsvReader
from ingestion.readers.jsonl import JsonlReader
from ingestion.readers.parquet import ParquetReader

__all__ = ["BadRow", "Chunk", "Reader", "open_reader"]

Reader = CsvReader | JsonlReader | ParquetReader


def open_reader(path: Path, extension: str, contract: Contract) -> Reader:
    """Open a file with the reader of its extension.

    Args:
        path: The file.
        extension: One of `EXTENSIONS` or `SACCT_EXTENSIONS` of `ingestion.deliveries`.
        contract: What the file should hold.

    Returns:
        A reader with `names` (None where names are known only row by row), `chunks(match)` and,
        once read, `ignored`.

    Raises:
        UnreadableFileError: If the file cannot be opened as what it claims to be.
    """
    compressed = extension.endswith(".gz")
    match extension.removesuffix(".gz"):
        case ".csv":
            return CsvReader(path, compressed)
        case ".sacct":
            return CsvReader(path, compressed, SACCT)
        case ".jsonl":
            return JsonlReader(path, compressed, contract)
        case _:
            return ParquetReader(path)

"""What a load says it did, per file and in all."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FileOutcome:
    """What became of one file version; rows read = rows loaded + rows quarantined.

    Attributes:
        source: Lake table.
        file: Path relative to the inputs folder.
        delivery: The delivery it belongs to.
        rows_read: Data rows found; a file refused or cut off counts as one more row.
        rows_loaded: Rows in the lake.
        rows_quarantined: Rows in quarantine.
        is_complete: Whether it was read to its end.
        message: What was wrong with the file as a whole, None when nothing was.
    """

    source: str
    file: str
    delivery: str
    rows_read: int
    rows_loaded: int
    rows_quarantined: int
    is_complete: bool
    message: str | None


@dataclass(frozen=True)
class LoadSummary:
    """What one load of a system did.

    Attributes:
        system: The system.
        load_id: dlt's load id, None when nothing was new.
        files: Outcomes of the new file versions.
        rows_read: Sum over the files.
        rows_loaded: Sum over the files.
        rows_quarantined: Sum over the files.
        files_unchanged: Files already loaded with this content.
        files_duplicate: Files skipped because another file holds the same content.
    """

    system: str
    load_id: str | None
    files: tuple[FileOutcome, ...]
    rows_read: int
    rows_loaded: int
    rows_quarantined: int
    files_unchanged: int
    files_duplicate: int

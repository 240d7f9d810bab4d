"""What compaction did to a table."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class TableOutcome:
    """One table after compaction.

    Attributes:
        table: Name of the lake table.
        files_before: Its files before.
        files_after: Its files after.
        bytes_before: Their size.
        bytes_after: Their size.
        rows_removed: Superseded rows that were removed.
        sums_removed: What they added up to, by decimal column; exact.
        left_alone: Why files were left as they were, None where none was.
    """

    table: str
    files_before: int
    files_after: int
    bytes_before: int
    bytes_after: int
    rows_removed: int = 0
    sums_removed: tuple[tuple[str, Decimal], ...] = ()
    left_alone: str | None = None

    @property
    def has_changed(self) -> bool:
        """Whether any file was replaced."""
        return self.rows_removed > 0 or self.files_before != self.files_after

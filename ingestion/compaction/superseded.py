"""What may be removed: versions of files, and whole loads, that nothing reads any more."""

from dataclasses import dataclass, field

import pyarrow as pa

from ingestion.kernels import pc
from ingestion.lake import LOAD_ID

FILE = "_file"
# Joins file and load id to one key; no name of a file holds it.
_BETWEEN = "\0"


@dataclass(frozen=True)
class Superseded:
    """Rows of one lake table that may be removed.

    Attributes:
        versions: Versions of files: name of the file and load id.
        loads: Loads of which every row may go.
    """

    versions: frozenset[tuple[str, str]] = field(default_factory=frozenset)
    loads: frozenset[str] = field(default_factory=frozenset)

    def __bool__(self) -> bool:
        return bool(self.versions or self.loads)

    def mask(self, rows: pa.Table) -> pa.ChunkedArray:
        """Which rows may be removed.

        Args:
            rows: With `_dlt_load_id`, and `_file` where versions of files are named.

        Returns:
            One boolean per row.
        """
        load = rows.column(LOAD_ID).cast(pa.string())
        found = pc.is_in(load, pa.array(sorted(self.loads), pa.string()))
        if self.versions:
            key = pc.binary_join_element_wise(rows.column(FILE).cast(pa.string()), load, _BETWEEN)
            keys = pa.array(sorted(map(_BETWEEN.join, self.versions)), pa.string())
            found = pc.or_(found, pc.is_in(key, keys))
        return found

"""Compaction of a home's lake under its lock: what the command and the Dagster job both do."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from ingestion.compaction import TableOutcome, compact
from ingestion.lake import Lake
from pipelines.errors import UserError
from pipelines.home import HomePaths
from pipelines.lock import refresh_lock

_MIB = 2**20


@dataclass(frozen=True)
class Compaction:
    """What to compact.

    Attributes:
        paths: The home folder.
        keep_days: Days that superseded deliveries are kept; None keeps them for ever.
    """

    paths: HomePaths
    keep_days: int | None = None

    def run(self, now: datetime) -> Iterator[str]:
        """Compacts every table; what was done is also in `HOME/logs/compaction.jsonl`.

        Args:
            now: This moment, with its zone.

        Yields:
            One line per table that changed, and what else is to be said.

        Raises:
            UserError: There is no lake, another process holds the home, or the disk is full.
            InputError: The proof failed; the lake is whole.
        """
        place = Lake(self.paths.root).place
        if place.bucket_url:
            raise UserError(
                f"{place.url} is in a bucket, where files cannot be swapped at once; compact works "
                "on a lake in the home folder"
            )
        if not self.paths.lake.is_dir():
            raise UserError(f"{self.paths.root} has no lake yet; run valueops refresh first")
        self.paths.create()
        with refresh_lock(self.paths.lock):
            try:
                yield from self._compact(now)
            except OSError as error:
                raise UserError(
                    f"the lake of {self.paths.root} cannot be written: {error.strerror or error}; "
                    "it is whole, run valueops compact again when that is put right"
                ) from error

    def _compact(self, now: datetime) -> Iterator[str]:
        removable = {}
        if self.keep_days is not None:
            # dbt's names and DuckDB take a moment to import, which a plain merge need not wait for.
            from pipelines.upkeep.retention import reason_to_keep_all, superseded

            reason = reason_to_keep_all(self.paths)
            if reason:
                yield f"nothing is removed, only merged: {reason}; refresh first"
            else:
                removable = superseded(self.paths, self.keep_days, now)
        changed = 0
        for outcome in compact(self.paths.root, removable):
            if outcome.has_changed:
                changed += 1
                self._note(outcome, now)
                yield told(outcome)
            if outcome.left_alone:
                yield f"{outcome.table}: {outcome.left_alone}"
        if not changed:
            yield "nothing to do: no table has small files or superseded rows"

    def _note(self, outcome: TableOutcome, now: datetime) -> None:
        line = {"compacted_at": now.astimezone(UTC).isoformat()} | asdict(outcome)
        line["sums_removed"] = {name: str(value) for name, value in outcome.sums_removed}
        with (self.paths.logs / "compaction.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps(line) + "\n")


def told(outcome: TableOutcome) -> str:
    """One line about a table that has changed."""
    line = (
        f"{outcome.table}: {outcome.files_before} files became {outcome.files_after}, "
        f"{outcome.bytes_before / _MIB:,.1f} MiB became {outcome.bytes_after / _MIB:,.1f} MiB"
    )
    if outcome.rows_removed:
        line += f"; {outcome.rows_removed:,} superseded rows removed"
    return line

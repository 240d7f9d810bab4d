"""Compaction of the lake: small files merged, rows that no longer count removed."""

from ingestion.compaction.compact import compact
from ingestion.compaction.outcome import TableOutcome
from ingestion.compaction.superseded import Superseded
from ingestion.compaction.swap import recover

__all__ = ["Superseded", "TableOutcome", "compact", "recover"]

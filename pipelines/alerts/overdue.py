"""Nothing arrives any more: what the warehouse cannot say, since no clock enters it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from pipelines.alerts.events import BLOCKED_OWNER, NOBODY, Alert
from pipelines.duck import open_read_only


def overdue(warehouse: Path, silent_hours: int, now: datetime) -> Alert | None:
    """The event that no file of any source has been loaded for too long.

    A source that stays behind the others is in `fct_alerts`; this is all of them, as when
    deliveries stop, or the refreshes that would load them.

    Args:
        warehouse: The published warehouse.
        silent_hours: From how many hours on; it is one event until something is loaded.
        now: This moment, with its zone.

    Returns:
        The event; None where something was loaded in time, or nothing ever was.
    """
    loaded_at = _newest_load(warehouse)
    if loaded_at is None or now - loaded_at <= timedelta(hours=silent_hours):
        return None
    hours = int((now - loaded_at) / timedelta(hours=1))
    return Alert(
        alert_key=f"nothing_arrives-{loaded_at:%Y%m%dT%H%M%S}",
        kind="nothing_arrives",
        severity="critical",
        subject="every source",
        model_name=NOBODY,
        model_version=NOBODY,
        team=NOBODY,
        owner=BLOCKED_OWNER,
        started_on=loaded_at.date(),
        amount_usd=None,
        cause=(
            f"the newest file was loaded on {loaded_at:%Y-%m-%d %H:%M} UTC, {hours} hours ago "
            f"(at most {silent_hours} are usual)"
        ),
        what_to_do="look whether deliveries reach the inputs folder, and whether refreshes run",
    )


def _newest_load(warehouse: Path) -> datetime | None:
    if not warehouse.exists():
        return None
    try:
        with open_read_only(warehouse) as connection:
            newest = connection.table("ops.load_ledger").max("loaded_at").fetchall()[0][0]
    except duckdb.Error:
        return None
    return newest and newest.replace(tzinfo=UTC)

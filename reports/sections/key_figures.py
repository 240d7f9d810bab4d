"""The figures on top of the page."""

from dataclasses import dataclass
from typing import Any

from reports.sections.window import Window
from reports.warehouse import Row, Warehouse


@dataclass(frozen=True)
class KeyFigures:
    """Spend, idle burn and GPU headroom; a part is None or empty where nothing is known.

    Attributes:
        spend: cost_usd, unattributed_usd, unattributed_share.
        idle: idle_usd, cost_usd, idle_share.
        headroom: Rows per accelerator: gpus_allocated, typical_gpus, peak_p95_gpus, peak_at,
            spare_gpus, model.
    """

    spend: Row | None
    idle: Row | None
    headroom: list[Row]


def key_figures(warehouse: Warehouse, window: Window | None) -> KeyFigures:
    """Ask for the key figures of the window."""
    parameters = window.parameters() if window else {}
    return KeyFigures(
        spend=_known(warehouse.rows("spend", **parameters)) if window else None,
        idle=_known(warehouse.rows("idle", **parameters)) if window else None,
        headroom=warehouse.rows("headroom"),
    )


def _known(rows: list[dict[str, Any]]) -> Row | None:
    """Take the one row of a sum, unless nothing was there to sum."""
    return rows[0] if rows and rows[0]["cost_usd"] is not None else None

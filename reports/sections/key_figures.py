"""The figures on top of the cost page."""

from dataclasses import dataclass
from typing import Any

from reports.downloads import Download, download
from reports.sections.window import Window
from reports.warehouse import Row, Warehouse


@dataclass(frozen=True)
class KeyFigures:
    """Spend and idle burn; a part is None where nothing is known.

    Attributes:
        spend: cost_usd, unattributed_usd, unattributed_share.
        idle: idle_usd, cost_usd, idle_share.
        download: All of them in one row.
    """

    spend: Row | None
    idle: Row | None
    download: Download | None


def key_figures(warehouse: Warehouse, window: Window | None) -> KeyFigures:
    """Ask for the key figures of the window."""
    parameters = window.parameters() if window else {}
    spend = _known(warehouse.rows("spend", **parameters)) if window else None
    idle = _known(warehouse.rows("idle", **parameters)) if window else None
    figures = dict(spend or {})
    figures |= {f"gpu_{key}": value for key, value in (idle or {}).items()}
    row = parameters | figures
    return KeyFigures(spend, idle, download("key figures", [row] if figures else []))


def _known(rows: list[dict[str, Any]]) -> Row | None:
    """Take the one row of a sum, unless nothing was there to sum."""
    return rows[0] if rows and rows[0]["cost_usd"] is not None else None

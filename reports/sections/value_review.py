"""What each model is worth, what changed in a week, and what somebody has to look at."""

from dataclasses import dataclass
from decimal import Decimal

from reports.downloads import Download, download
from reports.sections.window import Window
from reports.warehouse import Row, Warehouse

#: Verdicts in the order of the page.
VERDICTS = ("eliminate", "optimize", "justify")
_MOVERS = 8


@dataclass(frozen=True)
class ValueReview:
    """The sections' content; lists are empty where nothing is known.

    Attributes:
        spend: week_usd, week_before_usd and change_usd of everything; None without bills.
        verdicts: Rows of `fct_model_verdicts` with week_usd, week_before_usd, change_usd.
        counts: Verdict to number of versions.
        at_stake_usd: Money at stake in versions to eliminate or optimize, per 30 days.
        movers: The versions whose cost of a week moved most.
        versions: Versions that took over in the newest week.
        alerts: Rows of `fct_alerts` with is_new.
        files: CSV of verdicts, of versions and of alerts.
    """

    spend: Row | None
    verdicts: list[Row]
    counts: dict[str, int]
    at_stake_usd: Decimal
    movers: list[Row]
    versions: list[Row]
    alerts: list[Row]
    files: dict[str, Download | None]


def value_review(warehouse: Warehouse, window: Window | None) -> ValueReview:
    """Ask for verdicts, for what changed in the newest week, and for open alerts."""
    if window is None:
        return ValueReview(None, [], {}, Decimal(0), [], [], [], {})
    parameters = {"last_day": window.last_day}
    verdicts = warehouse.rows("review_verdicts", **parameters)
    versions = warehouse.rows("review_versions", **parameters)
    alerts = warehouse.rows("review_alerts", **parameters)
    moved = sorted(verdicts, key=lambda row: (-abs(row["change_usd"]), row["model_name"]))
    return ValueReview(
        spend=_spend(warehouse.rows("review_spend", **parameters)),
        verdicts=verdicts,
        counts={
            name: sum(row["verdict"] == name for row in verdicts) for name in VERDICTS if verdicts
        },
        at_stake_usd=sum(
            (row["dollars_at_stake"] for row in verdicts if row["verdict"] != "justify"), Decimal(0)
        ),
        movers=[row for row in moved[:_MOVERS] if row["change_usd"]],
        versions=versions,
        alerts=alerts,
        files={
            "verdicts": download("verdicts", verdicts),
            "versions": download("versions that took over", versions),
            "alerts": download("open alerts", alerts),
        },
    )


def _spend(rows: list[Row]) -> Row | None:
    if not rows or rows[0]["week_usd"] is None:
        return None
    before = rows[0]["week_before_usd"]
    change = None if before is None else rows[0]["week_usd"] - before
    return rows[0] | {"change_usd": change}

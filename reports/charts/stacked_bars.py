"""Horizontal stacked bars of money, drawn by the page as boxes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from reports import formats

_LABELLED_FROM = 16.0


@dataclass(frozen=True)
class Segment:
    """One coloured part of a bar.

    Attributes:
        key: Names its colour in the style sheet.
        name: What it is.
        text: Its amount.
        width: Percent of the longest bar.
        is_labelled: Whether the amount fits into it.
    """

    key: str
    name: str
    text: str
    width: float
    is_labelled: bool


@dataclass(frozen=True)
class Bar:
    """One bar: its name, its total and its parts."""

    label: str
    total: str
    segments: list[Segment]

    @property
    def description(self) -> str:
        """Say the bar in words, for screen readers."""
        parts = ", ".join(f"{s.name} {s.text}" for s in self.segments)
        return f"{self.label}: {self.total}, of which {parts}"


def stacked_bars(
    rows: Sequence[Mapping[str, Any]], parts: Mapping[str, str], longest: int = 12
) -> list[Bar]:
    """Lay out one bar per row on one common scale.

    Args:
        rows: Each with label, cost_usd and the part columns, in USD, largest first.
        parts: Column name to what it is called, in drawing order.
        longest: Bars to draw; the rest is added up into one.

    Returns:
        Bars in the order of the rows.
    """
    shown = [dict(row) for row in rows[:longest]]
    rest = rows[longest:]
    if rest:
        columns = [*parts, "cost_usd"]
        sums = {c: sum((_decimal(row[c]) for row in rest), Decimal(0)) for c in columns}
        shown.append({"label": f"{len(rest)} others", **sums})
    scale = max((_decimal(row["cost_usd"]) for row in shown), default=Decimal(0))
    return [
        Bar(
            label=str(row["label"]),
            total=formats.usd(row["cost_usd"]),
            segments=[
                _segment(column, name, _decimal(row[column]), scale)
                for column, name in parts.items()
                if _decimal(row[column]) > 0
            ],
        )
        for row in shown
    ]


def _segment(column: str, name: str, amount: Decimal, scale: Decimal) -> Segment:
    width = float(amount / scale * 100) if scale > 0 else 0.0
    return Segment(
        key=column.removesuffix("_usd").replace("_", "-"),
        name=name,
        text=formats.usd(amount),
        width=round(width, 2),
        is_labelled=width >= _LABELLED_FROM,
    )


def _decimal(value: Any) -> Decimal:
    return Decimal(value if value is not None else 0)

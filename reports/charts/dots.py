"""Errors of several models as dots on one line per test, drawn by the page as boxes."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from reports import formats
from reports.charts.axes import Tick, value_axis

# An error of more than this says only that the forecast was useless; the axis ends there.
_LONGEST_AXIS = 2.0


@dataclass(frozen=True)
class Dot:
    """One model's error.

    Attributes:
        key: Names its colour and shape in the style sheet.
        name: Of the model.
        text: The error.
        position: Percent of the line.
    """

    key: str
    name: str
    text: str
    position: float


@dataclass(frozen=True)
class DotRow:
    """One test: what it was, and how wrong each model was."""

    label: str
    dots: list[Dot]

    @property
    def description(self) -> str:
        """Say the line in words, for screen readers."""
        return f"{self.label}: " + ", ".join(f"{d.name} {d.text}" for d in self.dots)


@dataclass(frozen=True)
class Dots:
    """Lines on one common scale from zero."""

    rows: list[DotRow]
    ticks: list[Tick]


def dot_chart(rows: Sequence[tuple[str, Sequence[tuple[str, str, float | None]]]]) -> Dots:
    """Lay out one line per test.

    Args:
        rows: Label, and per model its colour key, its name and its error (a ratio, 1 is 100 %).
            An error that is not known is left out.

    Returns:
        Lines in the order of the rows; those without a known error are left out.
    """
    known = [
        (label, [(key, name, float(v)) for key, name, v in dots if v is not None and _real(v)])
        for label, dots in rows
    ]
    highest = max((value for _, dots in known for *_, value in dots), default=0.0)
    top, ticks = value_axis(min(highest, _LONGEST_AXIS) * 100.0)
    return Dots(
        rows=[
            DotRow(
                label,
                [
                    Dot(key, name, formats.percent(v), round(min(v * 1e4 / top, 100.0), 2))
                    for key, name, v in dots
                ],
            )
            for label, dots in known
            if dots
        ],
        ticks=[Tick(f"{tick.label} %", tick.position) for tick in ticks],
    )


def _real(value: float) -> bool:
    return math.isfinite(float(value))

"""Hour-of-week heatmap of a ratio, drawn by the page as a table."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

#: Lower ends of the colour steps; the first is idle and the last on target in the warehouse.
STEPS = (0.0, 0.15, 0.30, 0.50, 0.70)


@dataclass(frozen=True)
class Cell:
    """One hour of the week.

    Attributes:
        text: Whole percent, or empty where nothing was measured.
        step: Colour step from 0, or -1 where nothing was measured.
    """

    text: str
    step: int


@dataclass(frozen=True)
class Heatmap:
    """Seven rows of 24 cells."""

    label: str
    days: list[tuple[str, list[Cell]]]


def week_heatmaps(rows: Iterable[Mapping[str, Any]]) -> list[Heatmap]:
    """Lay out one heatmap per accelerator.

    Args:
        rows: accelerator, day_of_week (1 is Monday), hour_of_day (0-23), utilization_ratio (0-1).

    Returns:
        One heatmap per accelerator, in the order of the rows.
    """
    seen: dict[str, dict[tuple[int, int], float]] = {}
    for row in rows:
        if row["utilization_ratio"] is not None:
            hours = seen.setdefault(str(row["accelerator"]), {})
            hours[row["day_of_week"], row["hour_of_day"]] = float(row["utilization_ratio"])
    return [
        Heatmap(
            label=accelerator,
            days=[
                (name, [_cell(hours.get((day, hour))) for hour in range(24)])
                for day, name in enumerate(DAYS, start=1)
            ],
        )
        for accelerator, hours in seen.items()
    ]


def legend() -> list[str]:
    """Name the colour steps, from the lowest."""
    ends = [*STEPS[1:], None]
    names: list[str] = []
    for low, high in zip(STEPS, ends, strict=True):
        if high is None:
            names.append(f"{low:.0%} and more: on target")
        elif low == 0:
            names.append(f"below {high:.0%}: idle")
        else:
            names.append(f"{low:.0%} to {high:.0%}")
    return [name.replace("%", " %") for name in names]


def _cell(ratio: float | None) -> Cell:
    if ratio is None:
        return Cell("", -1)
    return Cell(f"{ratio * 100:.0f}", max(i for i, low in enumerate(STEPS) if max(ratio, 0) >= low))

"""Hour-of-week heatmaps, drawn by the page as tables."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reports import formats

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

#: Lower ends of the colour steps of utilization; the first is idle and the last on target in the
#: warehouse.
STEPS = (0.0, 0.15, 0.30, 0.50, 0.70)


@dataclass(frozen=True)
class Cell:
    """One hour of the week.

    Attributes:
        text: What it says, or empty where nothing is known.
        step: Colour step from 0, or -1 where nothing is known.
        title: The same in words.
        is_marked: Whether it needs a second look.
    """

    text: str
    step: int
    title: str
    is_marked: bool = False


@dataclass(frozen=True)
class Heatmap:
    """Seven rows of 24 cells."""

    label: str
    days: list[tuple[str, list[Cell]]]


def lay_out(label: str, hours: Mapping[tuple[int, int], Cell], unknown: str) -> Heatmap:
    """Put cells on the grid of the week.

    Args:
        label: What the heatmap is of.
        hours: (day from 1, Monday; hour from 0) to its cell; others are not known.
        unknown: What an empty cell says in words.
    """
    nothing = {
        (day, hour): Cell("", -1, f"{DAYS[day - 1]} {hour:02}:00, {unknown}")
        for day in range(1, 8)
        for hour in range(24)
    }
    cells = nothing | dict(hours)
    return Heatmap(
        label=label,
        days=[
            (name, [cells[day, hour] for hour in range(24)])
            for day, name in enumerate(DAYS, start=1)
        ],
    )


def week_heatmaps(rows: Iterable[Mapping[str, Any]]) -> list[Heatmap]:
    """Lay out the utilization of each accelerator.

    Args:
        rows: accelerator, day_of_week (1 is Monday), hour_of_day (0-23), utilization_ratio (0-1).

    Returns:
        One heatmap per accelerator, in the order of the rows.
    """
    seen: dict[str, dict[tuple[int, int], Cell]] = {}
    for row in rows:
        if row["utilization_ratio"] is not None:
            hours = seen.setdefault(str(row["accelerator"]), {})
            day, hour = row["day_of_week"], row["hour_of_day"]
            hours[day, hour] = _used(day, hour, float(row["utilization_ratio"]))
    return [lay_out(accelerator, hours, "not measured") for accelerator, hours in seen.items()]


def legend() -> list[str]:
    """Name the colour steps of utilization, from the lowest."""
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


def step_of(value: float, steps: Sequence[float]) -> int:
    """The highest colour step whose lower end the value reaches; steps start at 0."""
    return max(i for i, low in enumerate(steps) if max(value, 0.0) >= low)


def even_steps(highest: float, count: int) -> tuple[float, ...]:
    """Lower ends of so many equal colour steps up to the highest value."""
    return tuple(highest * i / count for i in range(count)) if highest > 0 else (0.0,)


def name_of(day: int, hour: int) -> str:
    """Name an hour of the week, such as Mon 09:00."""
    return f"{DAYS[day - 1]} {hour:02}:00"


def _used(day: int, hour: int, ratio: float) -> Cell:
    text = f"{ratio * 100:.0f}"
    return Cell(text, step_of(ratio, STEPS), f"{name_of(day, hour)}, {text} %")


def shown(value: float) -> str:
    """A number of GPUs as a cell has room for: whole from 10 on."""
    return formats.count(value) if value >= 9.95 else f"{value:.1f}".removesuffix(".0")

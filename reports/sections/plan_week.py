"""The plan by hour of the week, and what such plans would have cost in the last weeks."""

from dataclasses import dataclass
from itertools import pairwise

from reports import formats
from reports.charts.heatmap import Cell, Heatmap, even_steps, lay_out, name_of, shown, step_of
from reports.downloads import Download, download
from reports.warehouse import Row, Warehouse

# An hour of the week that runs short more often than this is marked.
_SHORT_FROM = 0.05


@dataclass(frozen=True)
class PlanWeek:
    """The section's content; lists are empty where no plan was made.

    Attributes:
        weeks: One heatmap per accelerator: GPUs on top of the reserved ones.
        steps: Names of the colour steps, the same for all accelerators.
        marked: How many hours of the week run short too often.
        short_from: What too often means, for people.
        download: Every hour of the week.
        replayed: Plans of past cutoffs, paid at the demand that came.
        replayed_download: These rows.
    """

    weeks: list[Heatmap]
    steps: list[str]
    marked: int
    short_from: str
    download: Download | None
    replayed: list[Row]
    replayed_download: Download | None


def plan_week(warehouse: Warehouse) -> PlanWeek:
    """Ask for what rides on top by hour of the week, and for the replayed plans."""
    rows = warehouse.rows("plan_week")
    replayed = warehouse.rows("plan_backtest")
    highest = max((_on_top(row) or 0.0 for row in rows), default=0.0)
    steps = even_steps(highest)
    by_accelerator: dict[str, dict[tuple[int, int], Cell]] = {}
    for row in rows:
        day, hour = row["hour_of_week"] // 24 + 1, row["hour_of_week"] % 24
        cells = by_accelerator.setdefault(row["accelerator"], {})
        cells[day, hour] = _cell(row, day, hour, steps)
    reserved = {row["accelerator"]: formats.whole(row["reserved_gpus"]) for row in rows}
    weeks = [
        lay_out(f"{name}, mean GPUs on top of {reserved[name]}", cells, "not planned")
        for name, cells in by_accelerator.items()
    ]
    return PlanWeek(
        weeks=weeks,
        steps=_legend(steps),
        marked=sum(cell.is_marked for cells in by_accelerator.values() for cell in cells.values()),
        short_from=formats.percent(_SHORT_FROM),
        download=download("capacity plan by hour of week", rows),
        replayed=replayed,
        replayed_download=download("capacity plans replayed", replayed),
    )


def _on_top(row: Row) -> float | None:
    known = [float(row[c]) for c in ("on_demand_gpus", "spot_gpus") if row[c] is not None]
    return sum(known) if known else None


def _cell(row: Row, day: int, hour: int, steps: tuple[float, ...]) -> Cell:
    on_top, short = _on_top(row), row["shortfall_probability"]
    if on_top is None:
        return Cell("", -1, f"{name_of(day, hour)}, not planned")
    return Cell(
        text=shown(on_top),
        step=step_of(on_top, steps),
        title=(
            f"{name_of(day, hour)}: {formats.gpus(row['on_demand_gpus'])} on demand and "
            f"{formats.gpus(row['spot_gpus'])} on spot, on top of "
            f"{formats.whole(row['reserved_gpus'])} reserved; {formats.chance(short)} short"
        ),
        is_marked=short is not None and short > _SHORT_FROM,
    )


def _legend(steps: tuple[float, ...]) -> list[str]:
    if len(steps) == 1:
        return ["none"]
    names = [f"{shown(low)} to {shown(high)}" for low, high in pairwise(steps)]
    return [*names, f"{shown(steps[-1])} and more"]

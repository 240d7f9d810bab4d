"""The plan by hour of the week, and what such plans would have cost in the last weeks."""

from dataclasses import dataclass
from itertools import pairwise

from reports import formats
from reports.charts.heatmap import Cell, Heatmap, even_steps, lay_out, name_of, shown, step_of
from reports.downloads import Download, download
from reports.warehouse import Row, Warehouse

# An hour of the week that runs short more often than this is marked.
_SHORT_FROM = 0.05
_STEPS = 5
_SHOWN_FROM = 0.05


@dataclass(frozen=True)
class PlanWeek:
    """The section's content; lists are empty where no plan was made.

    Attributes:
        weeks: One heatmap per accelerator: GPUs on top of the reserved ones.
        steps: Names of the colour steps, shares of an accelerator's heaviest hour.
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
    by_accelerator: dict[str, list[Row]] = {}
    for row in rows:
        by_accelerator.setdefault(row["accelerator"], []).append(row)
    weeks = [_week(name, own) for name, own in by_accelerator.items()]
    cells = [cell for week in weeks for _, hours in week.days for cell in hours]
    return PlanWeek(
        weeks=weeks,
        steps=_legend(),
        marked=sum(cell.is_marked for cell in cells),
        short_from=formats.percent(_SHORT_FROM),
        download=download("capacity plan by hour of week", rows),
        replayed=replayed,
        replayed_download=download("capacity plans replayed", replayed),
    )


def _week(name: str, rows: list[Row]) -> Heatmap:
    """One accelerator, coloured up to its own heaviest hour: fleets differ in size."""
    highest = max((_on_top(row) or 0.0 for row in rows), default=0.0)
    # What no cell shows as a number gets no colour either.
    steps = even_steps(highest if highest >= _SHOWN_FROM else 0.0, _STEPS)
    hours = {}
    for row in rows:
        day, hour = row["hour_of_week"] // 24 + 1, row["hour_of_week"] % 24
        hours[day, hour] = _cell(row, day, hour, steps)
    reserved = formats.whole(rows[0]["reserved_gpus"])
    label = f"{name}: on top of {reserved}, at most {shown(highest)} on average"
    return lay_out(label, hours, "not planned")


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


def _legend() -> list[str]:
    share = [f"{100 * i // _STEPS} %" for i in range(_STEPS + 1)]
    return [f"{low} to {high}" for low, high in pairwise(share)]

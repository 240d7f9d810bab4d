"""`valueops plan`: how many GPUs to reserve, and what if the world were another."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import duckdb
from rich.table import Table

from forecasts.capacity import rules_of, situations
from forecasts.capacity.asked import Asked
from forecasts.capacity.changes import changed
from forecasts.capacity.moves import Moves
from forecasts.capacity.situation import NamedPlan, Situation, plans_of
from forecasts.capacity.what_if import Difference, compare
from pipelines.capacity.inputs import as_frame, query
from pipelines.errors import UserError
from pipelines.query import open_warehouse
from pipelines.terminal import HarmlessConsole

_PIPE_COLUMNS = 160


@dataclass(frozen=True)
class PlanRequest:
    """What is asked.

    Attributes:
        accelerator: Part of its name, in any case; every one when None.
        traffic: `+50%`, `-20%` or a factor as `1.5`.
        launch: `ACCELERATOR=GPUS@YYYY-MM-DD`, any number.
        move: `MODEL=ACCELERATOR`, any number.
        wait_s: 95 % of requests wait at most so many seconds.
    """

    accelerator: str | None = None
    traffic: str | None = None
    launch: tuple[str, ...] = ()
    move: tuple[str, ...] = ()
    wait_s: float | None = None


def plan(warehouse: Path, request: PlanRequest, out: TextIO) -> None:
    """Write the plan, and beside it that of the world asked for.

    Args:
        warehouse: The published warehouse.
        request: What is asked.
        out: Where to write.

    Raises:
        UserError: There is nothing to plan, or the request cannot be read.
        WarehouseUnreadableError: There is no warehouse to ask.
    """
    known, moves, service = _read(warehouse)
    try:
        asked = Asked.parse(
            request.traffic, request.launch, request.move, request.wait_s, names=list(known)
        )
        after = changed(known, asked, moves, service)
    except ValueError as error:
        raise UserError(str(error)) from error
    chosen = _chosen(list(known), request.accelerator)
    console = HarmlessConsole(file=out, markup=False, highlight=False, emoji=False)
    if not console.is_terminal:
        console.width = _PIPE_COLUMNS
    if not asked.is_anything:
        console.print(_plans({name: plans_of(known[name]) for name in chosen}))
        return
    differences = {name: compare(known[name], after[name]) for name in chosen}
    console.print(_differences(asked.in_words(), differences))


def _read(warehouse: Path) -> tuple[dict[str, Situation], Moves, dict[str, float]]:
    """Situations by accelerator, what moving needs, seconds of service by accelerator."""
    with open_warehouse(warehouse) as connection:
        try:
            tables = {
                name: query(connection, name)
                for name in ("forecast", "hours", "prices", "fleet", "rules", "throughputs")
            }
        except duckdb.CatalogException as error:
            raise UserError("this warehouse has no capacity plan; refresh it first") from error
    frames = {name: as_frame(table) for name, table in tables.items()}
    if frames["forecast"].empty:
        raise UserError("nothing is forecast: there is no demand for GPUs to plan for")
    found = situations(
        frames["forecast"],
        frames["hours"],
        frames["prices"],
        frames["fleet"],
        rules_of(tables["rules"].to_pylist()[0]),
    )
    service = frames["fleet"].dropna(subset=["service_s"])
    return (
        {situation.accelerator: situation for situation in found},
        Moves(frames["forecast"], frames["throughputs"]),
        dict(zip(service["accelerator"], service["service_s"].astype(float), strict=True)),
    )


def _chosen(names: Sequence[str], part: str | None) -> list[str]:
    chosen = [name for name in names if part is None or part.lower() in name.lower()]
    if not chosen:
        raise UserError(f"no accelerator is called {part}; there are {', '.join(names)}")
    return chosen


def _plans(plans: dict[str, list[NamedPlan]]) -> Table:
    columns = ("reserve", "on demand", "spot", "ready", "short", "cost", "saves", "evidence")
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("accelerator")
    table.add_column("term")
    for column in columns:
        table.add_column(column, justify="left" if column == "evidence" else "right")
    for name, terms in plans.items():
        for named in terms:
            top, costs = named.plan.ride, named.plan.costs
            today = named.plan.today_cost
            saving = None if today is None or costs.expected is None else today - costs.expected
            table.add_row(
                name,
                named.term,
                _count(named.plan.reserved),
                _count(top and top.on_demand.mean(), 1),
                _count(top and (top.spot_serving + top.spot_training).mean(), 1),
                _count(top and top.ready.max()),
                "" if top is None else f"{top.shortfall.mean():.1%}",
                _money(costs.expected),
                _money(saving),
                named.evidence,
            )
    return table


def _differences(title: str, differences: dict[str, list[Difference]]) -> Table:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for column in ("accelerator", "term"):
        table.add_column(column)
    for column in ("reserve now", "then", "ready now", "then", "cost now", "then", "difference"):
        table.add_column(column, justify="right")
    for name, terms in differences.items():
        for difference in terms:
            before, after = difference.before.plan, difference.after.plan
            table.add_row(
                name,
                difference.term,
                _count(before.reserved),
                _count(after.reserved),
                _count(before.ride and before.ride.ready.max()),
                _count(after.ride and after.ride.ready.max()),
                _money(before.costs.expected),
                _money(after.costs.expected),
                _money(difference.cost_usd, sign="+"),
            )
    return table


def _count(value: Any, digits: int = 0) -> str:
    return "" if value is None else f"{value:,.{digits}f}"


def _money(value: Any, sign: str = "") -> str:
    return "" if value is None else f"{value:{sign},.0f} USD"

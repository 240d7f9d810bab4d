"""Commands that ask the published warehouse."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.options import DEFAULT_HOME, Home
from pipelines.errors import UserError

Role = Annotated[
    str | None, typer.Option(help="Read the part that this role may see, not the whole.")
]


def sql(
    query: Annotated[str, typer.Argument(help="One SELECT; marts and ops need no prefix.")],
    home: Home = DEFAULT_HOME,
    style: Annotated[
        str, typer.Option("--format", help="table, csv or json; csv and json keep every digit.")
    ] = "table",
    role: Role = None,
) -> None:
    """Ask the published warehouse, read-only."""
    from pipelines.home import HomePaths
    from pipelines.query import Format, run_query
    from pipelines.roles.lookup import warehouse_of

    if style not in set(Format):
        raise UserError(f"--format is table, csv or json, not {style}")
    run_query(warehouse_of(HomePaths.at(home), role), query, Format(style), sys.stdout)


def budgets(
    role: Role = None,
    home: Home = DEFAULT_HOME,
    past: Annotated[bool, typer.Option("--past", help="Also those that are over.")] = False,
    style: Annotated[
        str, typer.Option("--format", help="table, or json with every digit.")
    ] = "table",
) -> None:
    """Say what is spent, what is left and where it is heading.

    Every budget, or those of one role, read from its own file.
    """
    from pipelines.home import HomePaths
    from pipelines.query import Format
    from pipelines.roles.budgets import show_budgets
    from pipelines.roles.lookup import warehouse_of

    if style not in (Format.TABLE, Format.JSON):
        raise UserError(f"--format is table or json, not {style}")
    show_budgets(warehouse_of(HomePaths.at(home), role), Format(style), sys.stdout, past=past)


def forecast(
    series: Annotated[
        str, typer.Option(help="Series as the marts name it, or an accelerator for its total.")
    ],
    home: Home = DEFAULT_HOME,
    measure: Annotated[
        str | None, typer.Option(help="gpus, tokens or requests; the first there is if left out.")
    ] = None,
    horizon: Annotated[int, typer.Option(min=1, max=8784, help="Hours ahead.")] = 168,
    model: Annotated[
        str | None, typer.Option(help="Any model, as prophet; the champion when left out.")
    ] = None,
    at: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
            help="Last hour it may know (UTC): computes what would have been said then.",
        ),
    ] = None,
    style: Annotated[
        str, typer.Option("--format", help="table, csv or json; csv and json keep every digit.")
    ] = "table",
) -> None:
    """Forecast one series, with a chart.

    Published where the warehouse has it; farther ahead or for a past hour it is computed now.
    """
    import pandas as pd

    from pipelines.forecasting.command import show_forecast
    from pipelines.forecasting.lookup import ForecastRequest
    from pipelines.home import HomePaths
    from pipelines.query import Format

    if style not in set(Format):
        raise UserError(f"--format is table, csv or json, not {style}")
    request = ForecastRequest(series, measure, horizon, model, pd.Timestamp(at) if at else None)
    show_forecast(HomePaths.at(home).warehouse, request, Format(style), sys.stdout)


def plan(
    home: Home = DEFAULT_HOME,
    accelerator: Annotated[
        str | None, typer.Option(help="Part of an accelerator's name; all when left out.")
    ] = None,
    traffic: Annotated[
        str | None, typer.Option(help="What if requests changed: +50%, -20%, or a factor.")
    ] = None,
    launch: Annotated[
        list[str] | None, typer.Option(help="What if: ACCELERATOR=GPUS@YYYY-MM-DD, in two weeks.")
    ] = None,
    move: Annotated[
        list[str] | None, typer.Option(help="What if: MODEL=ACCELERATOR it would run on.")
    ] = None,
    wait_s: Annotated[
        float | None, typer.Option(min=0.0, help="95 % of requests wait at most so many seconds.")
    ] = None,
) -> None:
    """Say how many GPUs to reserve, and what if.

    Without a what-if: the plan of the published forecast. With one or several: the plan now, the
    plan then, and the difference in money.
    """
    from pipelines.capacity.command import PlanRequest
    from pipelines.capacity.command import plan as tell
    from pipelines.home import HomePaths

    request = PlanRequest(accelerator, traffic, tuple(launch or ()), tuple(move or ()), wait_s)
    tell(HomePaths.at(home).warehouse, request, sys.stdout)


def gate(
    model: Annotated[str, typer.Option(help="Model name.")],
    version: Annotated[str, typer.Option(help="Version to deploy.")],
    home: Home = DEFAULT_HOME,
    against: Annotated[
        str | None, typer.Option(help="Version to compare with; its parent, else the one before.")
    ] = None,
    expected_requests: Annotated[
        int | None, typer.Option(min=0, help="Calls in the month to come; as many as now.")
    ] = None,
    role: Annotated[
        str | None, typer.Option(help="Look at this role's budgets only; every role's.")
    ] = None,
    waivers: Annotated[
        Path | None, typer.Option(help="TOML file of rules that somebody answers for.")
    ] = None,
    style: Annotated[str, typer.Option("--format", help="md or json.")] = "md",
) -> None:
    """Say whether a version may be deployed, and what it will cost.

    Exit code 0: it may; 3: a rule is broken; 4: nothing to judge by; 1: other error.
    """
    from pipelines.gate.command import GateRequest
    from pipelines.gate.command import gate as judge
    from pipelines.home import HomePaths

    if style not in ("md", "json"):
        raise UserError(f"--format is md or json, not {style}")
    # DuckDB would import pandas to look at the type of a parameter: half of the answer's seconds.
    sys.modules.setdefault("pandas", None)  # pyright: ignore[reportArgumentType]
    request = GateRequest(model, version, against, expected_requests, role, waivers)
    raise typer.Exit(judge(HomePaths.at(home).warehouse, request, style, sys.stdout))


def explain(
    model: Annotated[str, typer.Option(help="Model name.")],
    version: Annotated[str | None, typer.Option(help="Model version; all when left out.")] = None,
    home: Home = DEFAULT_HOME,
    style: Annotated[
        str, typer.Option("--format", help="table, or json with every digit.")
    ] = "table",
) -> None:
    """Walk from a verdict to the rows behind it."""
    from pipelines.explain import explain as tell
    from pipelines.home import HomePaths
    from pipelines.query import Format

    if style not in (Format.TABLE, Format.JSON):
        raise UserError(f"--format is table or json, not {style}")
    tell(HomePaths.at(home).warehouse, model, version, Format(style), sys.stdout)

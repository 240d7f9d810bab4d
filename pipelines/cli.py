"""The `valueops` command: names and options. Each command imports what it needs when it runs."""

import os
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from pipelines.cli_alerts import alerts
from pipelines.cli_subscriptions import subscriptions
from pipelines.errors import UserError

_DEFAULT_INPUTS = Path(".valueops/inputs")
_DEFAULT_HOME = Path(".valueops/home")


class OneLineErrors(TyperGroup):
    """Errors are one line, never a traceback; wrong usage has exit code 1, as any error."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Runs the command and ends the process with its exit code."""
        args = list(sys.argv[1:] if args is None else args) or ["--help"]
        try:
            code = super().main(args, prog_name, complete_var, False, windows_expand_args, **extra)
            sys.stdout.flush()
        except (typer.TyperException, UserError) as error:
            message = (
                error.format_message() if isinstance(error, typer.TyperException) else str(error)
            )
            sys.exit(_complain(message))
        except typer.Abort:
            sys.exit(_complain("interrupted"))
        except BrokenPipeError:
            # Whoever read our output has enough of it; Python must not complain when it flushes.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(0)
        except Exception as error:
            if os.environ.get("VALUEOPS_TRACEBACK"):
                raise
            told = " ".join(str(error).split()) or "no message"
            sys.exit(
                _complain(
                    f"{type(error).__name__}: {told} "
                    "(unexpected; VALUEOPS_TRACEBACK=1 shows where it comes from)"
                )
            )
        sys.exit(code if isinstance(code, int) else 0)


def _complain(message: str) -> int:
    from pipelines.harmless import harmless

    sys.stderr.write(f"valueops: {harmless(message)}\n")
    return 1


app = typer.Typer(
    cls=OneLineErrors,
    add_completion=False,
    # Plain help answers at once; the decorated kind takes longer to import than to read.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="An exact AI FinOps warehouse: what each model version costs, what it is worth, "
    "and how many GPUs it will need.",
)

app.add_typer(alerts, name="alerts")
app.add_typer(subscriptions, name="subscriptions")

Inputs = Annotated[
    Path, typer.Option(envvar="VALUEOPS_INPUTS", help="Folder that deliveries arrive in.")
]
Home = Annotated[
    Path, typer.Option(envvar="VALUEOPS_HOME", help="Folder of the lake, warehouse and reports.")
]
Role = Annotated[
    str | None, typer.Option(help="Read the part that this role may see, not the whole.")
]


@app.command()
def demo(
    out: Annotated[Path, typer.Option(help="Folder to write the inputs to.")] = _DEFAULT_INPUTS,
    days: Annotated[int, typer.Option(min=1, help="Days of history.")] = 90,
    seed: Annotated[int, typer.Option(help="The same seed gives the same files.")] = 7,
    scale: Annotated[
        float, typer.Option(min=0.01, help="Rows per minute of telemetry and calls, 1 is usual.")
    ] = 1.0,
    clean: Annotated[
        bool, typer.Option("--clean", help="The same company with nothing planted in it.")
    ] = False,
) -> None:
    """Write the demo company's inputs.

    Deterministic by seed; truth.json beside them holds every planted effect in numbers.
    """
    from ingestion.demo import write_demo

    write_demo(out, days=days, seed=seed, scale=scale, clean=clean)
    typer.echo(f"wrote the demo company to {out}; next: valueops refresh --inputs {out}")


@app.command()
def refresh(
    inputs: Inputs = _DEFAULT_INPUTS,
    home: Home = _DEFAULT_HOME,
    first: Annotated[
        datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], help="First day to build again."),
    ] = None,
    last: Annotated[
        datetime | None,
        typer.Option("--to", formats=["%Y-%m-%d"], help="Last day to build again."),
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="Build the whole warehouse again.")] = False,
    wait: Annotated[
        float, typer.Option(min=0.0, help="Seconds to wait while another refresh is running.")
    ] = 0.0,
) -> None:
    """Load, build, check, publish, report.

    Exit code 0: published; 2: a blocking check failed, the old warehouse stands; 1: other error.
    """
    from pipelines.home import HomePaths
    from pipelines.refresh import RefreshRequest
    from pipelines.refresh import refresh as run

    request = RefreshRequest(
        inputs=inputs.expanduser().resolve(),
        paths=HomePaths.at(home),
        full=full,
        rebuild_from=first.date() if first else None,
        rebuild_to=last.date() if last else None,
        wait_s=wait,
    )
    raise typer.Exit(run(request))


@app.command()
def close(
    inputs: Inputs = _DEFAULT_INPUTS,
    home: Home = _DEFAULT_HOME,
    period: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m"], help="Month, as 2026-03; every due period if left out."),
    ] = None,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Do not wait for its final delivery; with --period.")
    ] = False,
) -> None:
    """Close billing periods that are over.

    A refresh that keeps what they amount to; fct_billing_closes shows what is restated later.
    """
    from pipelines.closes.command import close as run
    from pipelines.home import HomePaths

    paths = HomePaths.at(home)
    month = period.date() if period else None
    code = run(inputs.expanduser().resolve(), paths, month, anyway, sys.stdout)
    raise typer.Exit(code)


@app.command()
def report(home: Home = _DEFAULT_HOME) -> None:
    """Render the reports again."""
    from pipelines.home import HomePaths
    from pipelines.query import open_warehouse

    paths = HomePaths.at(home)
    open_warehouse(paths.warehouse).close()
    from reports import render_reports

    for path in render_reports(paths.warehouse, paths.reports):
        typer.echo(path)


@app.command()
def sql(
    query: Annotated[str, typer.Argument(help="One SELECT; marts and ops need no prefix.")],
    home: Home = _DEFAULT_HOME,
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


@app.command()
def budgets(
    role: Role = None,
    home: Home = _DEFAULT_HOME,
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


@app.command()
def roles(home: Home = _DEFAULT_HOME) -> None:
    """Write each role's part of the published warehouse again."""
    from pipelines.home import HomePaths
    from pipelines.lock import refresh_lock
    from pipelines.query import open_warehouse
    from pipelines.roles.files import write_role_files

    paths = HomePaths.at(home)
    open_warehouse(paths.warehouse).close()
    with refresh_lock(paths.lock):
        for path in write_role_files(paths).values():
            typer.echo(path)


@app.command()
def forecast(
    series: Annotated[
        str, typer.Option(help="Series as the marts name it, or an accelerator for its total.")
    ],
    home: Home = _DEFAULT_HOME,
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


@app.command()
def plan(
    home: Home = _DEFAULT_HOME,
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


@app.command()
def gate(
    model: Annotated[str, typer.Option(help="Model name.")],
    version: Annotated[str, typer.Option(help="Version to deploy.")],
    home: Home = _DEFAULT_HOME,
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


@app.command()
def explain(
    model: Annotated[str, typer.Option(help="Model name.")],
    version: Annotated[str | None, typer.Option(help="Model version; all when left out.")] = None,
    home: Home = _DEFAULT_HOME,
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


@app.command()
def compact(
    home: Home = _DEFAULT_HOME,
    keep_days: Annotated[
        int | None,
        typer.Option(min=1, help="Remove what was superseded so many days ago; else all is kept."),
    ] = None,
) -> None:
    """Merge the lake's small files, and remove superseded deliveries.

    Every number stays: rows and exact sums are proved equal before a file is removed.
    """
    from datetime import UTC

    from ingestion.errors import InputError
    from pipelines.home import HomePaths
    from pipelines.upkeep.compaction import Compaction

    try:
        for line in Compaction(HomePaths.at(home), keep_days).run(datetime.now(UTC)):
            typer.echo(line)
    except InputError as error:
        raise UserError(str(error)) from error


@app.command()
def doctor(inputs: Inputs = _DEFAULT_INPUTS, home: Home = _DEFAULT_HOME) -> None:
    """Say what is missing, stale or broken.

    Exit code 1 when something is broken.
    """
    from pipelines.doctor import examine
    from pipelines.home import HomePaths

    raise typer.Exit(examine(inputs.expanduser().resolve(), HomePaths.at(home), sys.stdout))


@app.command()
def dev(inputs: Inputs = _DEFAULT_INPUTS, home: Home = _DEFAULT_HOME) -> None:
    """Open Dagster on 127.0.0.1:3000."""
    from pipelines.home import WORKSPACE_FILE, HomePaths

    paths = HomePaths.at(home)
    paths.create()
    settings = {
        "DAGSTER_HOME": str(paths.dagster),
        "VALUEOPS_INPUTS": str(inputs.expanduser().resolve()),
        "VALUEOPS_HOME": str(paths.root),
        "DO_NOT_TRACK": "1",
    }
    command = [sys.executable, "-m", "dagster", "dev", "-h", "127.0.0.1", "-p", "3000"]
    os.execve(sys.executable, [*command, "-w", str(WORKSPACE_FILE)], os.environ | settings)  # noqa: S606

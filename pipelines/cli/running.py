"""Commands that make and keep a warehouse."""

import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.options import DEFAULT_HOME, DEFAULT_INPUTS, Home, Inputs
from pipelines.errors import UserError


def demo(
    out: Annotated[Path, typer.Option(help="Folder to write the inputs to.")] = DEFAULT_INPUTS,
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


def refresh(
    inputs: Inputs = DEFAULT_INPUTS,
    home: Home = DEFAULT_HOME,
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


def close(
    inputs: Inputs = DEFAULT_INPUTS,
    home: Home = DEFAULT_HOME,
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


def report(home: Home = DEFAULT_HOME) -> None:
    """Render the reports again."""
    from pipelines.home import HomePaths
    from pipelines.query import open_warehouse

    paths = HomePaths.at(home)
    open_warehouse(paths.warehouse).close()
    from reports import render_reports

    for path in render_reports(paths.warehouse, paths.reports):
        typer.echo(path)


def roles(home: Home = DEFAULT_HOME) -> None:
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


def compact(
    home: Home = DEFAULT_HOME,
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


def doctor(inputs: Inputs = DEFAULT_INPUTS, home: Home = DEFAULT_HOME) -> None:
    """Say what is missing, stale or broken.

    Exit code 1 when something is broken.
    """
    from pipelines.doctor import examine
    from pipelines.home import HomePaths

    raise typer.Exit(examine(inputs.expanduser().resolve(), HomePaths.at(home), sys.stdout))


def dev(inputs: Inputs = DEFAULT_INPUTS, home: Home = DEFAULT_HOME) -> None:
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

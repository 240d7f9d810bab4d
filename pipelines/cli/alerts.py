"""The names and options of `valueops alerts`."""

import sys
from datetime import datetime
from typing import Annotated

import typer

from pipelines.cli.options import DEFAULT_HOME, Home

alerts = typer.Typer(
    help="What is open, what was told, and what is silenced.", no_args_is_help=True
)


@alerts.command("list")
def list_(home: Home = DEFAULT_HOME) -> None:
    """Show what is open, whom it was told to, and what is silenced."""
    from pipelines.alerts.command import list_alerts
    from pipelines.home import HomePaths

    list_alerts(HomePaths.at(home), sys.stdout)


@alerts.command()
def send(home: Home = DEFAULT_HOME) -> None:
    """Send what is due now."""
    from pipelines.alerts.command import send as run
    from pipelines.home import HomePaths

    run(HomePaths.at(home), sys.stdout)


@alerts.command()
def silence(
    alert_key: Annotated[str, typer.Argument(help="The event, as `valueops alerts list` says.")],
    until: Annotated[
        datetime, typer.Option(formats=["%Y-%m-%d"], help="Last silent day (UTC), included.")
    ],
    reason: Annotated[str, typer.Option(help="Why.")],
    by: Annotated[str, typer.Option(help="Who.")],
    home: Home = DEFAULT_HOME,
) -> None:
    """Hear nothing of an event for some days."""
    from pipelines.alerts.command import silence as run
    from pipelines.home import HomePaths

    run(HomePaths.at(home), alert_key, until.date(), reason, by, sys.stdout)

"""The names and options of `valueops subscriptions`."""

import sys
from typing import Annotated

import typer

from pipelines.cli.options import DEFAULT_HOME, Home

subscriptions = typer.Typer(help="Reports by mail, to a folder or a bucket.", no_args_is_help=True)


@subscriptions.command("list")
def list_() -> None:
    """Show who gets what."""
    from pipelines.subscriptions.command import list_subscriptions

    list_subscriptions(sys.stdout)


@subscriptions.command()
def send(
    home: Home = DEFAULT_HOME,
    name: Annotated[str | None, typer.Option(help="One subscription; all when left out.")] = None,
) -> None:
    """Render the published warehouse and deliver."""
    from pipelines.home import HomePaths
    from pipelines.subscriptions.command import send as run

    run(HomePaths.at(home), name, sys.stdout)

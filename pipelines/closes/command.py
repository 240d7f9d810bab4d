"""`valueops close`: a refresh that closes billing periods, and what is closed and open after it."""

import datetime as dt
from pathlib import Path
from typing import Any, TextIO

from pipelines.closes import lake as close_lake
from pipelines.closes.lake import PERIOD_KEY, CloseRequest
from pipelines.errors import UserError
from pipelines.home import HomePaths
from pipelines.query import open_warehouse, plain_text
from pipelines.refresh import RefreshRequest, refresh

_WAITS = "waits for "


def close(inputs: Path, paths: HomePaths, month: dt.date | None, anyway: bool, out: TextIO) -> int:
    """Refreshes, closes what is due, and says what was closed and what waits.

    Args:
        inputs: The inputs folder.
        paths: The home folder.
        month: First day of the month that the periods begin in; every month when None.
        anyway: Do not wait for late charges and a final delivery.
        out: Where to write.

    Returns:
        The exit code of the refresh.

    Raises:
        UserError: `anyway` without a month, no period begins in the month, or the refresh says so.
    """
    if anyway and month is None:
        raise UserError("--anyway goes with --period: name the month to close without waiting")
    request = CloseRequest(dt.datetime.now(dt.UTC).date(), month, anyway)
    before = _keys(close_lake.closed_periods(paths.root).to_pylist())
    # Where nothing new has arrived a refresh would stop before it comes to the close.
    go_on = bool(len(close_lake.due(paths.warehouse, paths.root, request)))
    code = refresh(RefreshRequest(inputs, paths, close=request, go_on=go_on))
    if code:
        return code
    open_warehouse(paths.warehouse).close()
    rows = close_lake.states(paths.warehouse, paths.root, request).to_pylist()
    if month and not rows:
        raise UserError(
            f"no billing period begins in {month:%Y-%m}; those there are: "
            "billing_period_start in fct_model_cost_daily"
        )
    out.writelines(_lines(rows, before))
    return code


def _lines(rows: list[dict[str, Any]], before: set[tuple[Any, ...]]) -> list[str]:
    closed = [row for row in rows if row["state"] == "closed" and _key(row) not in before]
    waiting = {_key(row): row for row in rows if row["state"].startswith(_WAITS)}
    lines = [
        f"closed {_named(row)}: {row['billed_cost']:,.2f} {plain_text(row['billing_currency'])} "
        f"billed, by {plain_text(row['delivery'])}\n"
        for row in closed
    ]
    lines += [f"open {_named(row)}: {_why(row)}\n" for row in waiting.values()]
    return lines or ["nothing to close\n"]


def _why(row: dict[str, Any]) -> str:
    if row["state"] == "waits for late charges":
        return f"waits until {row['closable_from']}, charges still come in"
    return (
        f"{row['state']}, {plain_text(row['delivery'])} ends on {row['covered_until']}; "
        f"close it all the same: --period {row['billing_period_start']:%Y-%m} --anyway"
    )


def _named(row: dict[str, Any]) -> str:
    provider, account = plain_text(row["provider_key"]), plain_text(row["billing_account_id"])
    return f"{provider} {account}, period from {row['billing_period_start']}"


def _key(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in PERIOD_KEY)


def _keys(rows: list[dict[str, Any]]) -> set[tuple[Any, ...]]:
    return {_key(row) for row in rows}

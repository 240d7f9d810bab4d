"""`valueops budgets`: what is spent, what is left, and where it is heading."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any, TextIO

import duckdb
from rich.table import Table
from rich.text import Text

from pipelines.errors import UserError
from pipelines.query import Format, open_warehouse, plain_json
from pipelines.terminal import HarmlessConsole

_STATUS = Path(__file__).parents[1] / "queries" / "budgets" / "status.sql"
_PIPE_COLUMNS = 180
_ALL, _UNKNOWN = "all", "no rate"
_STYLES = {"exceeded": "bold red", "at_risk": "yellow", "ok": "green"}


def show_budgets(warehouse: Path, style: Format, out: TextIO, *, past: bool = False) -> None:
    """Write every budget of a warehouse, or of a role's part of it.

    Args:
        warehouse: The published warehouse or a role's file.
        style: `table`, rounded; `json` with every digit, decimals as text.
        out: Where to write.
        past: Also those whose period was over before the newest day with billing data.

    Raises:
        UserError: The file has no budgets in it at all, as one of an older version.
        WarehouseUnreadableError: There is no such file.
    """
    with open_warehouse(warehouse) as connection:
        try:
            found = connection.execute(_STATUS.read_text(encoding="utf-8"), {"past": past})
        except duckdb.CatalogException as error:
            raise UserError(f"{warehouse} has no budget status; refresh it first") from error
        columns = [column[0] for column in found.description or ()]
        rows = [dict(zip(columns, row, strict=True)) for row in found.fetchall()]
    if style is Format.JSON:
        plain = [{name: plain_json(value) for name, value in row.items()} for row in rows]
        json.dump(plain, out, indent=2, ensure_ascii=False)
        out.write("\n")
        return
    console = HarmlessConsole(file=out, markup=False, highlight=False, emoji=False)
    if not console.is_terminal:
        console.width = _PIPE_COLUMNS
    if rows:
        console.print(_table(rows))
    else:
        older = "" if past else "; --past shows those that are over"
        console.print(f"no budget covers the newest day of the bill{older}")


def _table(rows: list[dict[str, Any]]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("role", "team", "model", "period"):
        table.add_column(column, overflow="fold")
    table.add_column("status")
    for column in ("amount", "actual", "burn", "of period", "left", "projected", "days left"):
        table.add_column(column, justify="right")
    for row in rows:
        status = row["status"] or _UNKNOWN
        table.add_row(
            row["role"],
            _scope(row["team"]),
            _scope(row["model_name"]),
            f"{row['period_start']} to {row['period_end']}",
            Text(status, style=_STYLES.get(status, "")),
            _money(row["amount_usd"]),
            _money(row["actual_usd"]),
            _share(row["burn_ratio"]),
            _share(row["elapsed_ratio"]),
            _money(row["left_usd"]),
            _money(row["projected_usd"]),
            str(row["days_left"]),
        )
    return table


def _scope(name: str) -> str:
    return _ALL if name == "unattributed" else name


def _money(value: Decimal | None) -> str:
    return "" if value is None else f"{value:,.2f} USD"


def _share(value: Decimal | None) -> str:
    return "" if value is None else f"{value:.1%}"

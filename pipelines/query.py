"""`valueops sql`: one read-only query on the published warehouse, as a table, CSV or JSON."""

import csv
import json
import math
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any, TextIO

import duckdb
from rich.table import Table

from pipelines.duck import open_read_only
from pipelines.errors import UserError, WarehouseUnreadableError
from pipelines.terminal import HarmlessConsole

_BATCH_ROWS = 10_000
_NO_EDGE = 1_000_000


class Format(StrEnum):
    """How rows are written."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


def open_warehouse(warehouse: Path) -> duckdb.DuckDBPyConnection:
    """Opens the published warehouse read-only; names are looked up in marts, then ops.

    Raises:
        WarehouseUnreadableError: There is none, or it is no DuckDB database.
    """
    if not warehouse.exists():
        raise WarehouseUnreadableError(
            f"there is no warehouse at {warehouse}; make one with: valueops refresh"
        )
    try:
        connection = open_read_only(warehouse)
        connection.execute("set search_path = 'marts,ops'")
    except duckdb.Error as error:
        raise WarehouseUnreadableError(f"{warehouse} cannot be read: {_one_line(error)}") from error
    return connection


def run_query(warehouse: Path, query: str, style: Format, out: TextIO) -> None:
    """Runs one SELECT and writes its rows as they come.

    Args:
        warehouse: The published warehouse.
        query: One statement that reads; anything that could write is refused.
        style: How to write the rows. Decimals keep every digit: as text in JSON.
        out: Where to write.

    Raises:
        UserError: The query is not one SELECT, or DuckDB rejects it.
        WarehouseUnreadableError: There is no warehouse to ask.
    """
    with open_warehouse(warehouse) as connection:
        try:
            statements = connection.extract_statements(query)
            if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
                raise UserError("one SELECT at a time: the published warehouse is read-only")
            cursor = connection.execute(statements[0])
            columns = [column[0] for column in cursor.description or ()]
            _WRITERS[style](columns, _batches(cursor), out)
        except duckdb.Error as error:
            raise UserError(_one_line(error)) from error


def _batches(cursor: duckdb.DuckDBPyConnection) -> Iterator[list[tuple[Any, ...]]]:
    while rows := cursor.fetchmany(_BATCH_ROWS):
        yield rows


def _write_table(
    columns: Sequence[str], batches: Iterator[list[tuple[Any, ...]]], out: TextIO
) -> None:
    rows = [row for batch in batches for row in batch]
    table = Table(box=None, pad_edge=False, header_style="bold")
    for index, column in enumerate(columns):
        numeric = all(isinstance(row[index], int | float | Decimal | None) for row in rows)
        table.add_column(column, justify="right" if numeric and rows else "left", overflow="fold")
    for row in rows:
        table.add_row(*("" if value is None else plain_text(value) for value in row))
    console = HarmlessConsole(file=out, markup=False, highlight=False, emoji=False)
    if not console.is_terminal:
        # A file or a pipe has no right edge to wrap at.
        console.width = _NO_EDGE
    console.print(table)
    console.print(f"({len(rows):,} row{'' if len(rows) == 1 else 's'})")


def _write_csv(
    columns: Sequence[str], batches: Iterator[list[tuple[Any, ...]]], out: TextIO
) -> None:
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for batch in batches:
        writer.writerows(
            ["" if value is None else plain_text(value) for value in row] for row in batch
        )


def _write_json(
    columns: Sequence[str], batches: Iterator[list[tuple[Any, ...]]], out: TextIO
) -> None:
    separator = "[\n"
    for batch in batches:
        for row in batch:
            out.write(separator)
            out.write(
                json.dumps(
                    dict(zip(columns, map(plain_json, row), strict=True)), ensure_ascii=False
                )
            )
            separator = ",\n"
    out.write("[]\n" if separator == "[\n" else "\n]\n")


_WRITERS = {Format.TABLE: _write_table, Format.CSV: _write_csv, Format.JSON: _write_json}


def plain_text(value: Any) -> str:
    """A value as text with every digit."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime | date | time):
        return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
    if isinstance(value, list | tuple | dict):
        return json.dumps(plain_json(value), ensure_ascii=False)
    return str(value)


def plain_json(value: Any) -> Any:
    """A value as JSON knows it; decimals and times become text."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, list | tuple):
        return [plain_json(item) for item in value]
    if isinstance(value, dict):
        return {str(key): plain_json(item) for key, item in value.items()}
    if isinstance(value, timedelta | bytes):
        return str(value) if isinstance(value, timedelta) else value.hex()
    return plain_text(value)


def _one_line(error: Exception) -> str:
    """DuckDB's message without the picture of the place, which needs several lines."""
    lines = [line.strip() for line in str(error).splitlines()]
    told = []
    for line in lines:
        if line.startswith("LINE "):
            break
        if line:
            told.append(line)
    return " ".join(told)

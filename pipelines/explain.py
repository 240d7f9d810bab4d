"""`valueops explain`: from a verdict back to the rows of each mart behind it."""

import difflib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import duckdb
from rich.markup import escape
from rich.table import Table

from pipelines.errors import UserError
from pipelines.query import Format, open_warehouse, plain_json, plain_text
from pipelines.terminal import HarmlessConsole

_QUERIES = Path(__file__).parent / "queries" / "explain"
_PIPE_COLUMNS = 160
_CENTS_FROM = 1
_CENTS = 2
_SMALL = 6


def explain(warehouse: Path, model: str, version: str | None, style: Format, out: TextIO) -> None:
    """Write what is known about a model version, section by section.

    Args:
        warehouse: The published warehouse.
        model: Model name, in any case.
        version: Model version, in any case; every version of the model when None.
        style: `table` for people, `json` for machines (every digit, money as text).
        out: Where to write.

    Raises:
        UserError: The warehouse knows no such model or version; the nearest names are named.
        WarehouseUnreadableError: There is no warehouse to ask.
    """
    model = model.strip().lower()
    with open_warehouse(warehouse) as connection:
        answers = [
            (name, [_section(connection, path, model, name) for path in _files()])
            for name in _versions(connection, model, version)
        ]
    if style is Format.JSON:
        json.dump([_as_json(model, *answer) for answer in answers], out, indent=2)
        out.write("\n")
        return
    console = HarmlessConsole(file=out, highlight=False, emoji=False)
    if not console.is_terminal:
        console.width = _PIPE_COLUMNS
    for name, sections in answers:
        console.print(f"[bold]{escape(model)} {escape(name)}[/bold]")
        for section in sections:
            if section.rows:
                console.print()
                console.print(section.table())
        console.print()


@dataclass(frozen=True)
class Section:
    """The answer to one question.

    Attributes:
        key: Name of its file without number.
        title: First line of its file.
        columns: Column names.
        rows: One tuple per row.
    """

    key: str
    title: str
    columns: list[str]
    rows: list[tuple[Any, ...]]

    def table(self) -> Table:
        """As people read it: a single row stands upright, money has cents."""
        table = Table(title=self.title, title_justify="left", title_style="bold", box=None)
        if len(self.rows) == 1:
            table.show_header = False
            table.add_column(style="dim")
            table.add_column(overflow="fold")
            for column, value in zip(self.columns, self.rows[0], strict=True):
                if value is not None:
                    table.add_row(column, escape(_shown(value)))
            return table
        for index, column in enumerate(self.columns):
            is_text = any(isinstance(row[index], str) for row in self.rows)
            table.add_column(column, justify="left" if is_text else "right", overflow="fold")
        for row in self.rows:
            table.add_row(*(escape(_shown(value)) for value in row))
        return table


def _files() -> list[Path]:
    return sorted(_QUERIES.glob("[0-9]*.sql"))


def _section(
    connection: duckdb.DuckDBPyConnection, path: Path, model: str, version: str
) -> Section:
    query = path.read_text(encoding="utf-8")
    key, title = path.stem.partition("_")[2], query.partition("\n")[0].removeprefix("-- ")
    try:
        cursor = connection.execute(query, {"model": model, "version": version})
    except (duckdb.CatalogException, duckdb.BinderException):
        # Published by another version of the models, which has no such mart.
        return Section(key, title, [], [])
    columns = [column[0] for column in cursor.description or ()]
    return Section(key, title, columns, cursor.fetchall())


def _versions(connection: duckdb.DuckDBPyConnection, model: str, version: str | None) -> list[str]:
    names = connection.execute((_QUERIES / "names.sql").read_text(encoding="utf-8")).fetchall()
    models = sorted({name for name, _ in names})
    if model not in models:
        raise UserError(f"there is no model {model}{_nearest(model, models)}")
    versions = [found for name, found in names if name == model]
    if version is None:
        return versions
    wanted = version.strip().lower()
    if wanted not in versions:
        raise UserError(f"{model} has no version {wanted}{_nearest(wanted, versions)}")
    return [wanted]


def _nearest(name: str, known: list[str]) -> str:
    if not known:
        return "; the warehouse knows none"
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.4) or known[:3]
    return f"; the nearest: {', '.join(near)}"


def _shown(value: Any) -> str:
    """Figures short enough to read; `valueops sql` and JSON keep every digit."""
    if value is None:
        return ""
    if isinstance(value, bool | int | str) or not hasattr(value, "quantize"):
        return plain_text(value)
    digits = _SMALL if 0 < abs(value) < _CENTS_FROM else _CENTS
    return f"{value:,.{digits}f}"


def _as_json(model: str, version: str, sections: list[Section]) -> dict[str, Any]:
    return {"model_name": model, "model_version": version} | {
        section.key: [
            dict(zip(section.columns, map(plain_json, row), strict=True)) for row in section.rows
        ]
        for section in sections
    }

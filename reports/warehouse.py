"""Read-only questions to the published warehouse, one SQL file each."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

_log = logging.getLogger(__name__)
_QUERIES = Path(__file__).parent / "queries"

Row = dict[str, Any]


class Warehouse:
    """A read-only connection that answers the questions in `reports/queries`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def rows(self, question: str, **parameters: object) -> list[Row]:
        """Answer a question as plain rows.

        Args:
            question: Name of a file in `reports/queries`, without `.sql`.
            parameters: Values of the query's `$names`.

        Returns:
            One dict per row, money as Decimal; none when the warehouse lacks the table or a column.
        """
        result = self._execute(question, parameters)
        if result is None:
            return []
        names = [column[0] for column in result.description or []]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def frame(self, question: str, **parameters: object) -> pd.DataFrame:
        """Answer a question as a data frame, for what is drawn hour by hour.

        Args:
            question: Name of a file in `reports/queries`, without `.sql`.
            parameters: Values of the query's `$names`.

        Returns:
            The query's columns; an empty frame without columns when the warehouse lacks the
            table or a column.
        """
        result = self._execute(question, parameters)
        return pd.DataFrame() if result is None else result.df()

    def _execute(
        self, question: str, parameters: dict[str, object]
    ) -> duckdb.DuckDBPyConnection | None:
        sql = (_QUERIES / f"{question}.sql").read_text(encoding="utf-8")
        try:
            return self._connection.execute(sql, parameters or None)
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            # Published by another version of the models: the section says what to provide.
            _log.warning("no answer to %s: %s", question, str(error).splitlines()[0])
            return None


@contextmanager
def open_warehouse(path: Path) -> Iterator[Warehouse]:
    """Open the published file for reading.

    Args:
        path: HOME/warehouse.duckdb.

    Yields:
        The warehouse; closed at the end.
    """
    with duckdb.connect(path, read_only=True) as connection:
        yield Warehouse(connection)

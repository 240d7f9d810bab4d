"""What a dbt step came to: models that broke, checks that failed, and the rows that failed them."""

import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipelines.duck import open_read_only

ROWS_SHOWN = 5
# A failing check may tell its story in words; these columns are looked for, first match wins.
_STORY_COLUMNS = ("message", "reason", "explanation")


@dataclass(frozen=True)
class FailedCheck:
    """A check that stops the warehouse from being published.

    Args:
        name: The dbt test, or the asset check.
        summary: How many rows failed it.
        rows: The first failing rows, each as one line of text.
    """

    name: str
    summary: str
    rows: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """For Dagster's metadata."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "FailedCheck":
        """The check that `as_dict` wrote down."""
        return cls(data["name"], data["summary"], tuple(data["rows"]))


@dataclass(frozen=True)
class DbtOutcome:
    """What went wrong in a dbt step.

    Args:
        errors: One line per model or test that could not run.
        failed_checks: Tests of severity error that found rows.
        warnings: One line per test of severity warn that found rows.
    """

    errors: tuple[str, ...]
    failed_checks: tuple[FailedCheck, ...]
    warnings: tuple[str, ...]


def read_outcome(target: Path, build: Path) -> DbtOutcome:
    """Reads dbt's results; runs each failed test once more to show its rows.

    Args:
        target: The target folder of the step; without results in it nothing is reported.
        build: The build file, which dbt has closed.
    """
    results_file = target / "run_results.json"
    if not results_file.exists():
        return DbtOutcome((), (), ())
    results = json.loads(results_file.read_text(encoding="utf-8"))["results"]
    failed = [result for result in results if result["status"] == "fail"]
    return DbtOutcome(
        errors=tuple(
            f"{_short_name(result)}: {_one_line(result['message'])}"
            for result in results
            if result["status"] in ("error", "runtime error")
        ),
        failed_checks=tuple(_failed_check(result, build) for result in failed),
        warnings=tuple(
            f"{_short_name(result)}: {_count_of(result)}"
            for result in results
            if result["status"] == "warn"
        ),
    )


def failing_rows(build: Path, query: str) -> tuple[str, ...]:
    """The first rows of a failing test as text: its story where it tells one, else column=value.

    Args:
        build: The build file.
        query: The test's compiled SQL.
    """
    try:
        with open_read_only(build) as connection:
            relation = connection.sql(query).limit(ROWS_SHOWN)
            columns, rows = relation.columns, relation.fetchall()
    except duckdb.Error as error:
        return (f"(the failing rows cannot be shown: {_one_line(str(error))})",)
    story = next((columns.index(name) for name in _STORY_COLUMNS if name in columns), None)
    if story is not None:
        return tuple(str(row[story]) for row in rows)
    return tuple(
        ", ".join(f"{name}={value}" for name, value in zip(columns, row, strict=True))
        for row in rows
    )


def _failed_check(result: dict[str, Any], build: Path) -> FailedCheck:
    query = result.get("compiled_code")
    rows = failing_rows(build, query) if query else ()
    return FailedCheck(_short_name(result), _count_of(result), rows)


def _short_name(result: dict[str, Any]) -> str:
    return result["unique_id"].split(".")[2]


def _count_of(result: dict[str, Any]) -> str:
    count = result.get("failures")
    return f"{count} row{'' if count == 1 else 's'}" if count is not None else "failed"


def _one_line(text: str | None) -> str:
    # DuckDB adds a picture of the place in the query, which needs its own lines.
    told = re.split(r"\n\s*LINE \d+:", text or "no message")[0]
    return " ".join(told.split())

"""The cases as the tables that the anomaly models read, and these models run on them by dbt."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from benchmarks.anomalies.series import FIRST_DAY, Case
from benchmarks.dbt import dbt

_MODELS = (
    "int_spend__series_daily",
    "int_spend__flagged_days",
    "int_spend__flagged_evidence",
    "fct_spend_anomalies",
)
#: What the models read, cut down to the columns that they read, and how it comes from the cases.
_TABLES = sorted((Path(__file__).parents[1] / "sql/anomalies").glob("int_*.sql"))
_FLAGS = Path(__file__).parents[1] / "sql/anomalies/flags.sql"


@dataclass(frozen=True)
class Flag:
    """A flagged day of a case, as its largest row says.

    Args:
        day: Offset of the day.
        cause: As the mart says.
        is_valueless: As the mart says.
    """

    day: int
    cause: str
    is_valueless: bool


def flagged(cases: Sequence[Case], folder: Path) -> dict[str, list[Flag]]:
    """What the mart flags in the cases, by the case's model name.

    Args:
        cases: Cases with names of their own.
        folder: Where the warehouse and dbt's files go; made if missing.

    Raises:
        RuntimeError: dbt failed, with its last words.
    """
    folder.mkdir(parents=True, exist_ok=True)
    build = folder / "warehouse.duckdb"
    build.unlink(missing_ok=True)
    _prepare(cases, build)
    dbt("run", "--select", *_MODELS, lake=folder, build=build, target=folder / "target")
    with duckdb.connect(build, read_only=True) as connection:
        rows = connection.sql(_FLAGS.read_text(encoding="utf-8")).fetchall()
    found: dict[str, list[Flag]] = {case.model_name: [] for case in cases}
    for model_name, day, cause, is_valueless in rows:
        found[model_name].append(Flag(_offset(day), cause, is_valueless))
    return found


def _offset(day: date) -> int:
    return (day - FIRST_DAY).days


def _prepare(cases: Sequence[Case], build: Path) -> None:
    usage, value = [], []
    for case in cases:
        days = [FIRST_DAY + timedelta(days=day) for day in range(len(case.value))]
        value.append(
            pd.DataFrame({"date_day": days, "model_name": case.model_name, "value": case.value})
        )
        for number, costs in enumerate(case.costs):
            named = {
                "date_day": days,
                "model_name": case.model_name,
                "model_version": f"v{number + 1}",
                "cost": np.round(costs, 6),
                "requests": case.requests[number],
                "tokens": case.tokens[number],
            }
            usage.append(pd.DataFrame(named))
    with duckdb.connect(build) as connection:
        connection.register("usage_frame", pd.concat(usage))
        connection.register("value_frame", pd.concat(value))
        connection.sql("create schema intermediate")
        for name in ("usage", "value"):
            connection.sql(
                f"create temp table {name} as "  # noqa: S608
                f"select * replace (cast(date_day as date) as date_day) from {name}_frame"
            )
        for path in _TABLES:
            query = path.read_text(encoding="utf-8")
            connection.sql(f"create table intermediate.{path.stem} as {query}")

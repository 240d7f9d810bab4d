"""The cases as the tables that the anomaly models read, and these models run on them by dbt."""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from benchmarks.anomalies.series import FIRST_DAY, Case

_PROJECT = Path(__file__).parents[2] / "dbt_project"
_MODELS = (
    "int_spend__series_daily",
    "int_spend__flagged_days",
    "int_spend__flagged_evidence",
    "fct_spend_anomalies",
)
#: What the models read, cut down to the columns that they read, and how it comes from the cases.
_TABLES = {
    "int_cost__parts": """
        select 'u' as charge_id, date_day, 'aws' as provider_key, 'a' as billing_account_id,
            'r' as resource_key, 'direct' as allocation_method, model_name, model_version,
            '/serve' as endpoint, 'deployment' as lifecycle_stage, 'api_tokens' as cost_component,
            cast(cost as decimal(38, 12)) as effective_cost_usd
        from usage where cost > 0""",
    "int_billing__charge_days": "select 'u' as charge_id, 'usage' as charge_category",
    "int_requests__served_daily": """
        select date_day, model_name, model_version, '/serve' as endpoint,
            cast(round(requests) as bigint) as requests,
            cast(round(tokens) as bigint) as input_tokens, cast(0 as bigint) as output_tokens
        from usage where requests > 0""",
    "int_gpu__hourly": """
        select cast(null as date) as date_day, '' as resource_key, '' as model_name,
            '' as model_version, '' as endpoint, cast(0 as bigint) as held_us
        where false""",
    "int_value__model_daily": """
        select date_day, model_name as feature, model_name, 'v1' as model_version,
            'measured' as value_method
        from value""",
    "int_value__feature_daily": """
        select date_day, model_name as feature, 'measured' as value_method,
            cast(value as decimal(38, 12)) as value_usd
        from value""",
}


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
    done = subprocess.run(
        [
            Path(sys.executable).with_name("dbt"), "run", "--select", *_MODELS,
            "--project-dir", _PROJECT, "--profiles-dir", _PROJECT,
            "--target-path", folder / "target", "--log-path", folder / "logs",
        ],
        env=os.environ
        | {"VALUEOPS_LAKE": str(folder), "VALUEOPS_BUILD": str(build), "DO_NOT_TRACK": "1"},
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"dbt said:\n{done.stdout[-4000:]}")
    with duckdb.connect(build, read_only=True) as connection:
        rows = connection.sql(
            "select model_name, date_day, arg_max(cause, excess_usd), "
            "arg_max(is_valueless_spike, excess_usd) from marts.fct_spend_anomalies group by all"
        ).fetchall()
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
        for name, query in _TABLES.items():
            connection.sql(f"create table intermediate.{name} as {query}")

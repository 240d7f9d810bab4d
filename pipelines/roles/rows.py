"""Which rows of the warehouse a role may see: those of its teams, and of models only they have."""

from collections.abc import Iterator

import duckdb
from duckdb import ColumnExpression as Column
from duckdb import ConstantExpression as Constant
from duckdb import FunctionExpression

# What is not named here stays out: a new table is nobody's until somebody has thought about it.
BY_TEAM = ("dim_team", "fct_gpu_queue_daily", "fct_gpu_utilization_hourly", "fct_model_cost_daily")
BY_ROLE_AND_TEAM = (
    "dim_role",
    "fct_budget_projection_error",
    "fct_budget_spenders",
    "fct_budget_status",
)
BY_MODEL = (
    "dim_model_team",
    "dim_model_version",
    "fct_build_vs_buy_monthly",
    "fct_drift_cost_weekly",
    "fct_lifecycle_cost_monthly",
    "fct_model_value_monthly",
    "fct_model_verdicts",
    "fct_spend_anomalies",
    "fct_unit_economics_daily",
    "fct_verdict_reasons",
    "fct_version_run_rates",
    "fct_version_changes",
)
# An alert's team is only the one that paid most, and its owner may be a default. Of budgets' alerts
# no column says whose budget it is; `fct_budget_status` does.
BY_MODEL_NOT_BUDGET = ("fct_alerts",)
OF_NOBODY = ("marts.dim_date", "ops.build_info")


def role_rows(
    warehouse: duckdb.DuckDBPyConnection, role: str
) -> Iterator[tuple[str, duckdb.DuckDBPyRelation]]:
    """The tables of a role's file.

    Args:
        warehouse: The published warehouse.
        role: As `dim_role` spells it; it is compared, never part of a statement.

    Yields:
        `schema.table` and the rows of it that the role may see.
    """
    teams = _of_role(warehouse, "dim_role", role).select("team").set_alias("teams")
    known = warehouse.table("marts.dim_model_team")
    shared = known.join(teams, "team", how="anti").select("model_name").set_alias("shared")
    models = known.join(shared, "model_name", how="anti").select("model_name").set_alias("models")
    # A budget for every team says `unattributed`; what it counts is only the role's.
    every_team = warehouse.values(Constant("unattributed").alias("team"))
    scopes = teams.union(every_team).set_alias("scopes")
    for table in BY_TEAM:
        rows = warehouse.table(f"marts.{table}")
        yield f"marts.{table}", rows.join(teams, "team", how="semi")
    for table in BY_ROLE_AND_TEAM:
        rows = _of_role(warehouse, table, role).set_alias("rows")
        yield f"marts.{table}", rows.join(scopes, "team", how="semi")
    for table in BY_MODEL:
        rows = warehouse.table(f"marts.{table}")
        yield f"marts.{table}", rows.join(models, "model_name", how="semi")
    for table in BY_MODEL_NOT_BUDGET:
        is_budget = FunctionExpression("starts_with", Column("kind"), Constant("budget_"))
        rows = warehouse.table(f"marts.{table}").filter(~is_budget).set_alias("rows")
        yield f"marts.{table}", rows.join(models, "model_name", how="semi")
    for name in OF_NOBODY:
        yield name, warehouse.table(name)


def _of_role(
    warehouse: duckdb.DuckDBPyConnection, table: str, role: str
) -> duckdb.DuckDBPyRelation:
    return warehouse.table(f"marts.{table}").filter(Column("role") == Constant(role))

"""The lake tables that a refresh writes itself; what rests on them is built after it."""

TABLES = (
    *("demand_forecasts", "demand_backtests", "demand_bursts", "demand_champions"),
    "demand_rescores",
    *("capacity_plans", "capacity_plan_hours", "capacity_backtests"),
    "billing_closes",
)
#: dbt's names for them and for all that rests on them.
SELECTORS = tuple(f"source:lake.{table}+" for table in TABLES)

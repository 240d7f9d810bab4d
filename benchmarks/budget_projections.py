"""How wrong budget projections are: `python -m benchmarks.budget_projections [SEED]`.

Daily series, made up and real, are put where a budget's spend stands; dbt compiles the project's
own models once per length of the level, and DuckDB runs them. Printed is the mean absolute error of
the projected period, from a quarter, half and three quarters of it, beside a straight line's, and
how often the truth lay in the 5 to 95 % interval of the default length.
"""

import json
import sys
import tempfile
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from benchmarks.dbt import dbt

_SQL = Path(__file__).parent / "sql/budgets"
SHARED = Path(__file__).parents[2] / "shared/data"
LEVELS = (7, 14, 28)
DEFAULT = 14
MODELS = ("int_budgets__cases", "int_budgets__projections", "fct_budget_projection_error")
_LAST_DAY = pd.Timestamp("2026-06-30")
_DAYS, _EACH, _DAY_USD = 120, 40, 1000.0
_WEEK = np.array([1, 1.05, 1.1, 1.05, 1, 0.55, 0.45])


def made_up(seed: int) -> dict[str, np.ndarray]:
    """Daily series of a week's shape with 8 % noise, by `kind/number`."""
    draw = np.random.default_rng(seed)
    day = np.arange(_DAYS)
    found = {}
    for number in range(_EACH):
        for kind in ("steady", "growth", "steps", "spikes", "walk", "fee"):
            cost = _WEEK[day % 7] * np.exp(draw.normal(0, 0.08, _DAYS))
            if kind == "growth":
                cost *= np.exp(0.03 * day / 7)
            elif kind == "steps":
                for _ in range(2):
                    cost[draw.integers(20, _DAYS) :] *= draw.choice([0.5, 0.7, 1.4, 2])
            elif kind == "spikes":
                cost[draw.random(_DAYS) < 0.02] *= draw.uniform(3, 10)
            elif kind == "walk":
                cost *= np.exp(np.cumsum(draw.normal(0, 0.02, _DAYS)))
            elif kind == "fee":
                cost += np.where(day % 30 == 0, 10, 0)
            found[f"{kind}/{number}"] = _DAY_USD * cost
    return found


def real(folder: Path) -> dict[str, np.ndarray]:
    """Daily sums of public traces, by `source/series`; none where the folder is not there."""
    if not folder.exists():
        return {}
    burst = pd.read_csv(folder / "burstgpt-hourly/burstgpt_hourly_d00-44.csv")
    found = {
        f"BurstGPT/{name}": burst.groupby("day")[name].sum().to_numpy(float)
        for name in ("requests_conversation", "requests_api", "tokens_total_est")
    }
    philly = pd.read_csv(folder / "philly-nodes/philly_node_active_5min_20171003-1126.csv")
    found["Philly/active"] = philly.groupby(philly["time"].str[:10])["active"].mean().to_numpy()
    return found


def compiled(levels: int, target: Path) -> dict[str, str]:
    """The models' SQL with a length of the level in days."""
    dbt(
        *("compile", "--quiet", "--select", *MODELS),
        *("--vars", json.dumps({"projection_level_days": levels})),
        lake=target / "lake", build=target / "warehouse.duckdb", target=target,
    )  # fmt: skip
    root = target / "compiled/valueops/models"
    return {path.stem: path.read_text() for path in root.rglob("*.sql") if path.stem in MODELS}


def load(warehouse: duckdb.DuckDBPyConnection, series: dict[str, np.ndarray]) -> None:
    """Spend, budgets and the days the bill reaches, where the models look for them."""
    spend = pd.concat(
        pd.DataFrame(
            {
                "role": name,
                "date_day": pd.date_range(end=_LAST_DAY, periods=len(cost)),
                "cost_usd": cost,
            }
        )
        for name, cost in series.items()
    )
    days = {name: 30 if len(cost) == _DAYS else 14 for name, cost in series.items()}
    budgets = pd.DataFrame(
        {
            "role": list(days),
            "period_start": [_LAST_DAY - pd.Timedelta(days=n - 1) for n in days.values()],
            "period_end": _LAST_DAY,
        }
    )
    warehouse.register("spend", spend)
    warehouse.register("budgets", budgets)
    warehouse.execute((_SQL / "tables.sql").read_text(encoding="utf-8"))


def measured(warehouse: duckdb.DuckDBPyConnection, models: dict[str, str]) -> pd.DataFrame:
    """Errors by kind of series, beside a straight line's, and how often the interval held."""
    for name in MODELS:
        schema = "marts" if name.startswith("fct") else "intermediate"
        warehouse.execute(f"create or replace table {schema}.{name} as {models[name]}")
    return warehouse.execute((_SQL / "errors.sql").read_text(encoding="utf-8")).df()


def main(seed: int = 0) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder)
        models = {days: compiled(days, target) for days in LEVELS}
        (target / "warehouse.duckdb").unlink(missing_ok=True)
        with duckdb.connect(target / "warehouse.duckdb") as warehouse:
            load(warehouse, made_up(seed) | real(SHARED))
            tables = {days: measured(warehouse, models[days]) for days in LEVELS}
    first = tables[DEFAULT]
    header = ["series", "projections", "straight line", *(f"{days} days" for days in LEVELS)]
    lines = [[*header, "within 90 % interval"], ["---"] * (len(header) + 1)]
    for row, kind in enumerate(first["kind"]):
        errors = [f"{tables[days]['error'][row]:.3f}" for days in LEVELS]
        counts = [kind, str(first["projections"][row]), f"{first['straight_line'][row]:.3f}"]
        lines.append([*counts, *errors, f"{first['within'][row]:.2f}"])
    sys.stdout.write("".join(f"| {' | '.join(line)} |\n" for line in lines))


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))

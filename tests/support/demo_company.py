"""The demo company taken through the lake and dbt, with every blocking check."""

import fcntl
import json
from dataclasses import dataclass
from pathlib import Path

import duckdb
from dbt_runs import WITHOUT_FORECASTS, DbtHome

from ingestion import SYSTEMS
from ingestion.demo import write_demo
from ingestion.load import load_system

DAYS = 60
# Everything that the last mart of a refresh needs but the forecasts, which have their own truth.
BUILD = (
    "build",
    *WITHOUT_FORECASTS,
    *("--exclude-resource-types", "unit_test"),
)


@dataclass(frozen=True)
class Built:
    """A company, its truth and its marts."""

    truth: dict
    marts: duckdb.DuckDBPyConnection

    def effect(self, key: str) -> dict:
        return self.truth["effects"][key]

    def rows(self, query: str, *parameters: object) -> list[tuple]:
        return self.marts.execute(query, parameters).fetchall()

    def one(self, query: str, *parameters: object) -> tuple:
        (row,) = self.rows(query, *parameters)
        return row


def built_once(companies: Path, seed: int, clean: bool) -> Built:
    """The company of a seed; the first worker that asks builds it, the others wait for it."""
    root = companies / f"{'clean' if clean else 'seed'}-{seed}"
    root.mkdir(parents=True, exist_ok=True)
    with (root / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (root / "complete").exists():
            build(root, seed, clean)
            (root / "complete").touch()
    truth = json.loads((root / "inputs/truth.json").read_text())
    return Built(truth, duckdb.connect(DbtHome(root / "home").build, read_only=True))


def build(root: Path, seed: int, clean: bool) -> None:
    inputs, dbt = root / "inputs", DbtHome(root / "home")
    write_demo(inputs, days=DAYS, seed=seed, scale=1 / 6, clean=clean)
    for system in SYSTEMS:
        load_system(system, inputs, dbt.home)
    results = dbt.run(*BUILD)
    failed = [f"{r.name}: {r.message}" for r in results if r.status not in ("success", "pass")]
    assert failed == []

"""Demo companies through the lake and dbt, with every blocking check.

`truth.json` says what was planted; it is written from the drawn numbers, never from a mart. A
company is built once for all workers. VALUEOPS_TRUTH_SEEDS says over how many seeds.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from dbt_runs import DbtHome
from filelock import FileLock
from truth_table import RECOVERED

from ingestion import SYSTEMS
from ingestion.demo import write_demo
from ingestion.load import load_system

DAYS = 60
SEEDS = (7, 11, 23)
# Everything that the last mart of a refresh needs but the forecasts, which have their own truth.
BUILD = (
    "build",
    *("--exclude", "source:lake.demand_forecasts+", "source:lake.demand_backtests+"),
    *("--exclude-resource-types", "unit_test"),
)


@dataclass(frozen=True)
class Built:
    """A company, its truth and its marts."""

    seed: int
    truth: dict[str, Any]
    marts: duckdb.DuckDBPyConnection

    def effect(self, key: str) -> dict[str, Any]:
        return self.truth["effects"][key]

    def rows(self, query: str, *parameters: object) -> list[tuple]:
        return self.marts.execute(query, parameters).fetchall()

    def one(self, query: str, *parameters: object) -> tuple:
        (row,) = self.rows(query, *parameters)
        return row


@dataclass(frozen=True)
class Recovery:
    """Asserts that an effect is found, and keeps the figures for the table."""

    request: pytest.FixtureRequest
    seed: int

    def money(
        self, effect: str, planted: object, found: object, rel: float = 0.0, usd: float = 0.0
    ) -> None:
        """Compare money; the larger of the two tolerances counts.

        Args:
            effect: Key in truth.json, or what a clean company must not show.
            planted: USD as planted.
            found: USD in the mart; None where it has none.
            rel: Share of the planted money.
            usd: Dollars.
        """
        wanted, seen = Decimal(str(planted)), None if found is None else Decimal(str(found))
        allowed = max(Decimal(str(rel)) * abs(wanted), Decimal(str(usd)))
        is_found = seen is not None and abs(seen - wanted) <= allowed
        entry = [effect, self.seed, float(wanted), None if seen is None else float(seen), is_found]
        self.request.node.user_properties.append((RECOVERED, entry))
        assert is_found, f"{effect}: planted {wanted}, found {seen}, tolerance {allowed}"

    def absent(self, effect: str, found: object) -> None:
        """A clean company shows none of it."""
        self.money(effect, 0, found)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    count = int(os.environ.get("VALUEOPS_TRUTH_SEEDS", len(SEEDS)))
    seeds = [*SEEDS, *range(100, 100 + count)][:count]
    for name, chosen in (("company", seeds), ("clean", seeds if count > len(SEEDS) else seeds[:1])):
        if name in metafunc.fixturenames:
            metafunc.parametrize(
                name,
                chosen,
                ids=[f"seed-{seed}" for seed in chosen],
                indirect=True,
                scope="session",
            )


def build(root: Path, seed: int, clean: bool) -> tuple[dict[str, Any], Path]:
    """A company's truth and its warehouse, built by the first who asks."""
    with FileLock(root.with_suffix(".lock")):
        inputs, dbt = root / "inputs", DbtHome(root / "home")
        if not (root / "done").exists():
            write_demo(inputs, days=DAYS, seed=seed, scale=1 / 6, clean=clean)
            for system in SYSTEMS:
                load_system(system, inputs, dbt.home)
            results = dbt.run(*BUILD)
            bad = [f"{r.name}: {r.message}" for r in results if r.status not in ("success", "pass")]
            assert bad == []
            (root / "done").touch()
    return json.loads((inputs / "truth.json").read_text()), dbt.build


def _opened(
    request: pytest.FixtureRequest, factory: pytest.TempPathFactory, clean: bool
) -> Iterator[Built]:
    shared = factory.getbasetemp()
    # every worker of one run has a folder below the same one
    if hasattr(request.config, "workerinput"):
        shared = shared.parent
    root = shared / f"{'clean' if clean else 'company'}-{request.param}"
    root.mkdir(exist_ok=True)
    truth, warehouse = build(root, request.param, clean)
    with duckdb.connect(warehouse, read_only=True) as marts:
        yield Built(request.param, truth, marts)


@pytest.fixture(scope="session")
def company(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Built]:
    """A company with everything planted."""
    yield from _opened(request, tmp_path_factory, clean=False)


@pytest.fixture(scope="session")
def clean(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Built]:
    """The same company with nothing planted."""
    yield from _opened(request, tmp_path_factory, clean=True)


@pytest.fixture
def recovery(request: pytest.FixtureRequest) -> Recovery:
    """Where a test tells what was planted and what it found."""
    built = "clean" if "clean" in request.fixturenames else "company"
    return Recovery(request, request.getfixturevalue(built).seed)

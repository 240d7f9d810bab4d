"""The companies whose truth is known, built once for all tests and workers.

VALUEOPS_TRUTH_SEEDS says over how many seeds, three when it is not set.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
from demo_company import Built, built_once
from truth_table import RECOVERED

COUNT = int(os.environ.get("VALUEOPS_TRUTH_SEEDS", "3"))
SEEDS = (7, 11, *range(100, 100 + COUNT))[:COUNT]
# The clean company is one more build a seed: one tells, a table wants them all.
CLEAN_SEEDS = SEEDS if COUNT > 3 else SEEDS[:1]


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


@pytest.fixture(scope="session")
def companies(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder that the workers of a run share."""
    base = tmp_path_factory.getbasetemp()
    return (base if worker_id == "master" else base.parent) / "companies"


@pytest.fixture(scope="session", params=SEEDS, ids=lambda seed: f"seed-{seed}")
def company(request: pytest.FixtureRequest, companies: Path) -> Iterator[Built]:
    """A company with everything planted."""
    built = built_once(companies, request.param, clean=False)
    yield built
    built.marts.close()


@pytest.fixture(scope="session", params=CLEAN_SEEDS, ids=lambda seed: f"seed-{seed}")
def clean(request: pytest.FixtureRequest, companies: Path) -> Iterator[Built]:
    """The same company with nothing planted."""
    built = built_once(companies, request.param, clean=True)
    yield built
    built.marts.close()


@pytest.fixture
def recovery(request: pytest.FixtureRequest) -> Recovery:
    """Where a test tells what was planted and what it found."""
    name = "clean" if "clean" in request.fixturenames else "company"
    return Recovery(request, request.getfixturevalue(name).truth["seed"])

"""The companies whose truth is known, built once for all tests and workers."""

from pathlib import Path

import pytest
from demo_company import SEEDS, built_once


@pytest.fixture(scope="session")
def companies(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder that the workers of a run share."""
    base = tmp_path_factory.getbasetemp()
    return (base if worker_id == "master" else base.parent) / "companies"


@pytest.fixture(scope="session", params=SEEDS, ids=lambda seed: f"seed-{seed}")
def company(request, companies):
    built = built_once(companies, request.param, clean=False)
    yield built
    built.marts.close()


@pytest.fixture(scope="session")
def clean(companies):
    built = built_once(companies, SEEDS[0], clean=True)
    yield built
    built.marts.close()

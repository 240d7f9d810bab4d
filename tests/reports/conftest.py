"""The planted company, rendered once per file."""

import shutil

import pytest

from tests.reports import company
from tests.reports.page import PAGES, render


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    return company.busy(tmp_path_factory.mktemp("warehouse") / "w.duckdb")


@pytest.fixture(scope="module")
def rendered(warehouse, tmp_path_factory):
    return render(warehouse, tmp_path_factory.mktemp("reports"))


@pytest.fixture
def capacity(rendered):
    return rendered["capacity.html"]


@pytest.fixture
def costs(rendered):
    return rendered["costs.html"]


@pytest.fixture
def value(rendered):
    return rendered["value.html"]


@pytest.fixture(params=PAGES)
def page(rendered, request):
    return rendered[request.param]


@pytest.fixture(scope="session")
def small_company(tmp_path_factory):
    """One model, two days ahead: a fifth of the time."""
    return company.busy(tmp_path_factory.mktemp("small") / "w.duckdb", company.MODELS[:1], 48)


@pytest.fixture
def small(small_company, tmp_path):
    """A copy of it to change."""
    return shutil.copy(small_company, tmp_path / "w.duckdb")

"""The planted company, rendered once per file."""

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


@pytest.fixture(params=PAGES)
def page(rendered, request):
    return rendered[request.param]

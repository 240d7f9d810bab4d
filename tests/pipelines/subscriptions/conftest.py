"""A home with a small published warehouse, and a mail server on this machine."""

import json
import shutil

import duckdb
import pytest
from receivers import mailbox

from pipelines.home import HomePaths
from tests.reports import company


@pytest.fixture(scope="session")
def published(tmp_path_factory):
    path = company.busy(tmp_path_factory.mktemp("published") / "w.duckdb", company.MODELS[:1], 48)
    with duckdb.connect(path) as connection:
        connection.execute("create schema ops")
        connection.execute("create table ops.build_info as select date '2024-06-30' as as_of_date")
    return path


@pytest.fixture
def paths(tmp_path, published) -> HomePaths:
    found = HomePaths.at(tmp_path / "home")
    found.create()
    shutil.copy(published, found.warehouse)
    return found


@pytest.fixture
def subscribe(monkeypatch: pytest.MonkeyPatch):
    def set_to(**subscriptions: dict) -> None:
        monkeypatch.setenv("SUBSCRIPTIONS", json.dumps(subscriptions))

    return set_to


@pytest.fixture
def mails(monkeypatch: pytest.MonkeyPatch):
    with mailbox() as receiver:
        for name, value in {
            "HOST": "127.0.0.1",
            "PORT": str(receiver.port),
            "SECURITY": "none",
            "SENDER": "valueops@example.com",
        }.items():
            monkeypatch.setenv(f"ALERTS__SMTP__{name}", value)
        yield receiver

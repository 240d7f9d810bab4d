"""A home whose warehouse says what is open, and receivers that keep what they get."""

from functools import cache
from types import SimpleNamespace

import duckdb
import pytest
from contract_marts import mart_contracts
from receivers import mailbox, webhook

from pipelines.home import HomePaths


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What would have been waited between tries."""
    waited: list[float] = []
    monkeypatch.setattr("tenacity.nap.time", SimpleNamespace(sleep=waited.append))
    return waited


@pytest.fixture
def slack(monkeypatch: pytest.MonkeyPatch):
    with webhook() as receiver:
        monkeypatch.setenv("ALERTS__SLACK__WEBHOOK_URL", receiver.url)
        yield receiver


@pytest.fixture
def mails(monkeypatch: pytest.MonkeyPatch):
    with mailbox() as receiver:
        monkeypatch.setenv("ALERTS__SMTP__HOST", "127.0.0.1")
        monkeypatch.setenv("ALERTS__SMTP__PORT", str(receiver.port))
        monkeypatch.setenv("ALERTS__SMTP__SECURITY", "none")
        monkeypatch.setenv("ALERTS__SMTP__SENDER", "valueops@example.com")
        monkeypatch.setenv("ALERTS__SMTP__RECIPIENTS", '["anna@example.com", "bo@example.com"]')
        yield receiver


@cache
def _columns() -> str:
    contract = mart_contracts()["fct_alerts"]
    return ", ".join(f"{column['name']} {column['data_type']}" for column in contract)


class Home:
    """A home folder of which a test says what is open."""

    def __init__(self, root) -> None:
        self.paths = HomePaths.at(root)
        self.paths.create()

    def publish(self, *alerts: dict, loaded_at: str | None = None) -> None:
        """Replaces the warehouse by one with these open alerts, and a newest load."""
        self.paths.warehouse.unlink(missing_ok=True)
        with duckdb.connect(self.paths.warehouse) as connection:
            connection.execute("create schema marts; create schema ops")
            connection.execute(f"create table marts.fct_alerts ({_columns()})")
            connection.execute("create table ops.load_ledger (loaded_at timestamp)")
            connection.execute("insert into ops.load_ledger values (?)", [loaded_at])
            for alert in alerts:
                row = DEFAULTS | alert
                names = ", ".join(row)
                marks = ", ".join("?" for _ in row)
                connection.execute(
                    f"insert into marts.fct_alerts ({names}) values ({marks})", [*row.values()]
                )


DEFAULTS = {
    "alert_key": "valueless_spike-1",
    "kind": "valueless_spike",
    "severity": "critical",
    "subject": "chat/v2/prod gpu_compute",
    "model_name": "chat",
    "model_version": "v2",
    "team": "assistant",
    "owner": "head-of-ml",
    "started_on": "2026-06-22",
    "last_seen_on": "2026-06-22",
    "amount_usd": "10060.8",
    "cause": "each unit of use cost more",
    "what_to_do": "go back to what it was",
}


@pytest.fixture
def home(tmp_path) -> Home:
    return Home(tmp_path / "home")

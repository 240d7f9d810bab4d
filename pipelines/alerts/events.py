"""Events that somebody shall be told of: in the published warehouse, and of a blocked refresh."""

import hashlib
import re
import shlex
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from pipelines.dbt_results import FailedCheck
from pipelines.errors import UserError
from pipelines.query import open_warehouse

_OPEN = Path(__file__).parents[1] / "queries" / "alerts" / "open.sql"
NOBODY = "unattributed"
BLOCKED_OWNER = "finops"


class NoAlertsError(UserError):
    """The published warehouse does not say what is open."""


@dataclass(frozen=True)
class Alert:
    """An open event; the columns of `fct_alerts` of these names.

    Attributes:
        alert_key: Stable name of the event.
        kind: What has happened, as a word.
        severity: critical or warning.
        subject: What it is about, in words.
        model_name: Model, or `unattributed`.
        model_version: Its version, or `unattributed`.
        team: Team, or `unattributed`.
        owner: Who answers for it.
        started_on: First day; None where it has no day.
        amount_usd: Money at stake in USD; None where nobody knows.
        cause: Why.
        what_to_do: The next step.
    """

    alert_key: str
    kind: str
    severity: str
    subject: str
    model_name: str
    model_version: str
    team: str
    owner: str
    started_on: date | None
    amount_usd: Decimal | None
    cause: str
    what_to_do: str

    @property
    def command(self) -> str:
        """The command that shows the rows behind it, safe to paste into a shell."""
        if self.kind.startswith("budget_"):
            return "valueops sql \"from fct_budget_status where status <> 'ok'\""
        if self.kind == "forecast_miss":
            series, _, measure = self.subject.rpartition(" ")
            return shlex.join(["valueops", "forecast", "--series", series, "--measure", measure])
        if self.model_name != NOBODY:
            return shlex.join(
                ["valueops", "explain", "--model", self.model_name]
                + (["--version", self.model_version] if self.model_version != NOBODY else [])
            )
        if self.is_blocking:
            return "valueops refresh"
        if self.kind in ("stale_source", "nothing_arrives"):
            return "valueops doctor"
        return f"valueops sql \"from fct_alerts where alert_key = '{self.alert_key}'\""

    @property
    def is_blocking(self) -> bool:
        """Whether it keeps the next warehouse from being published."""
        return self.kind in _BLOCKED_KINDS

    def as_json(self) -> dict[str, Any]:
        """Plain values; money as text with every digit."""
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Alert":
        """The alert that `as_json` wrote down."""
        started, amount = data["started_on"], data["amount_usd"]
        return cls(
            **data
            | {
                "started_on": date.fromisoformat(started) if started else None,
                "amount_usd": Decimal(amount) if amount is not None else None,
            }
        )


_BLOCKED_KINDS = ("conservation_failure", "blocked_publish")
# How checks are named that hold two sums of money, or of rows, against each other.
_CONSERVATION = re.compile(r"conserved|_ties?$|_adds?_up$")


def read_alerts(warehouse: Path) -> list[Alert]:
    """What is open in the published warehouse, the dearest first.

    Raises:
        NoAlertsError: An older version of the models published it.
        WarehouseUnreadableError: There is no warehouse.
    """
    with open_warehouse(warehouse) as connection:
        try:
            rows = connection.execute(_OPEN.read_text(encoding="utf-8")).fetchall()
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            raise NoAlertsError(
                "the published warehouse has no fct_alerts yet; make it with: valueops refresh"
            ) from error
    return [Alert(*row) for row in rows]


def blocked_alerts(checks: Iterable[FailedCheck]) -> list[Alert]:
    """One event per blocking check that failed: the same check has the same key until it passes."""
    return [_blocked(check) for check in checks]


def _blocked(check: FailedCheck) -> Alert:
    kind = _BLOCKED_KINDS[0] if _CONSERVATION.search(check.name) else _BLOCKED_KINDS[1]
    named = hashlib.sha256(check.name.encode()).hexdigest()[:12]
    rows = "; ".join(check.rows[:2])
    return Alert(
        alert_key=f"{kind}-{named}",
        kind=kind,
        severity="critical",
        subject=check.name,
        model_name=NOBODY,
        model_version=NOBODY,
        team=NOBODY,
        owner=BLOCKED_OWNER,
        started_on=None,
        amount_usd=None,
        cause=f"{check.summary} failed it" + (f": {rows}" if rows else ""),
        what_to_do=(
            "nothing was published and the old warehouse stands: correct the delivery that the "
            "rows name, and refresh again"
        ),
    )


def _plain(value: Any) -> Any:
    return format(value, "f") if isinstance(value, Decimal) else value and str(value)

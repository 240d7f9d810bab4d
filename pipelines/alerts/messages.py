"""What is said: one message per event, or one per kind where there are many."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from pipelines.alerts.decide import Due
from pipelines.alerts.events import Alert

_TITLES = {
    "valueless_spike": ("Valueless spend spike", "valueless spend spikes"),
    "budget_exceeded": ("Budget exceeded", "budgets exceeded"),
    "budget_at_risk": ("Budget at risk", "budgets at risk"),
    "stale_source": ("Stale source", "stale sources"),
    "forecast_miss": ("Forecast missed", "forecasts missed"),
    "drift": ("Accuracy drifts", "models whose accuracy drifts"),
    "unjustified_version_spike": ("Costlier version", "versions that cost more and bring less"),
    "zombie": ("Paid for and unused", "models paid for and unused"),
    "conservation_failure": ("Money is not conserved, publication blocked", "conservation checks"),
    "blocked_publish": ("Publication blocked", "checks that block publication"),
}
# Events of these kinds share no money. A budget of all teams holds those of each.
_ADDABLE = {"valueless_spike", "drift", "unjustified_version_spike", "zombie"}
_WHY = {"new": "", "open again": " (open again)", "grown": " (grown)"}


@dataclass(frozen=True)
class Message:
    """One message, in plain text that each receiver escapes in its own way.

    Attributes:
        title: One line.
        severity: The gravest of its events.
        facts: Name and text of each fact of a single event; empty where it is of several.
        lines: One text per event where it is of several.
        dues: The events it tells of.
    """

    title: str
    severity: str
    facts: tuple[tuple[str, str], ...]
    lines: tuple[str, ...]
    dues: tuple[Due, ...]


def compose(dues: Sequence[Due], group_above: int) -> list[Message]:
    """Messages for events: critical ones first.

    Args:
        dues: What shall be told.
        group_above: More events of one kind than this become one message.
    """
    ordered = sorted(dues, key=_gravity)
    messages = []
    for _, same_kind in groupby(ordered, key=lambda due: due.alert.kind):
        group = tuple(same_kind)
        messages += [_of_many(group)] if len(group) > group_above else [_of_one(d) for d in group]
    return messages


def money(amount: Decimal | None) -> str:
    """With cents; what nobody knows says so."""
    return "not known" if amount is None else f"{amount:,.2f} USD"


def _gravity(due: Due) -> tuple[bool, bool, str]:
    """What keeps the whole warehouse from its readers goes before all else."""
    return not due.alert.is_blocking, due.alert.severity != "critical", due.alert.kind


def _of_one(due: Due) -> Message:
    alert = due.alert
    owner = alert.owner if alert.team in ("unattributed", alert.owner) else (
        f"{alert.owner} (team {alert.team})"
    )  # fmt: skip
    facts = [
        ("Money at stake", money(alert.amount_usd)),
        ("Cause", alert.cause),
        ("Owner", owner),
        ("Since", alert.started_on.isoformat() if alert.started_on else ""),
        ("What to do", alert.what_to_do),
        ("See the rows", alert.command),
        (
            "Known already?",
            f"valueops alerts silence {alert.alert_key} --until DATE --reason WHY --by WHO",
        ),
    ]
    return Message(
        title=f"{_title(alert)}: {alert.subject}{_WHY[due.why]}",
        severity=alert.severity,
        facts=tuple((name, text) for name, text in facts if text),
        lines=(),
        dues=(due,),
    )


def _of_many(dues: tuple[Due, ...]) -> Message:
    alerts = [due.alert for due in dues]
    known = [alert.amount_usd for alert in alerts if alert.amount_usd is not None]
    is_sum = bool(known) and alerts[0].kind in _ADDABLE
    together = f", {money(sum(known, Decimal(0)))} at stake" if is_sum else ""
    many = _TITLES.get(alerts[0].kind, ("", alerts[0].kind.replace("_", " ")))[1]
    return Message(
        title=f"{len(alerts)} {many}{together}",
        severity=alerts[0].severity,
        facts=(),
        lines=tuple(
            f"{due.alert.subject}{_WHY[due.why]}: {money(due.alert.amount_usd)}, "
            f"owner {due.alert.owner}. {due.alert.cause}. To do: {due.alert.what_to_do}. "
            f"See: {due.alert.command}"
            for due in dues
        ),
        dues=dues,
    )


def _title(alert: Alert) -> str:
    return _TITLES.get(alert.kind, (alert.kind.replace("_", " ").capitalize(),))[0]

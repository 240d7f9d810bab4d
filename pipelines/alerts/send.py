"""Sends what is due: reads what is open, asks what was told, tells, and remembers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipelines.alerts import decide, mail, slack, state
from pipelines.alerts.events import Alert, NoAlertsError, blocked_alerts, read_alerts
from pipelines.alerts.messages import Message, compose
from pipelines.alerts.overdue import overdue
from pipelines.alerts.receivers import ReceiverError
from pipelines.alerts.settings import AlertSettings, read_settings, silent_hours
from pipelines.dbt_results import FailedCheck
from pipelines.home import HomePaths

#: What takes one message, or raises ReceiverError.
Receiver = Callable[[Message], None]


@dataclass(frozen=True)
class Sent:
    """What a sending came to.

    Attributes:
        open_events: Events that are open.
        receivers: Names of the receivers configured.
        messages: Messages accepted.
        problems: One line per receiver that did not take all of its messages.
    """

    open_events: int
    receivers: tuple[str, ...]
    messages: int
    problems: tuple[str, ...]


def after_publishing(paths: HomePaths, now: datetime | None = None) -> Sent:
    """Tells what the warehouse just published holds; what blocked earlier refreshes is over.

    Raises:
        UserError: Settings, state or warehouse cannot be read.
    """
    return _send(paths, now, blocked=())


def after_blocking(
    paths: HomePaths, checks: Sequence[FailedCheck], now: datetime | None = None
) -> Sent:
    """Tells that checks stopped a refresh, and what is open in the warehouse that stands.

    Raises:
        UserError: As `after_publishing`.
    """
    return _send(paths, now, blocked=checks)


def send_due(paths: HomePaths, now: datetime | None = None) -> Sent:
    """Tells what is due although nothing has been refreshed: new silences, receivers back again.

    Raises:
        UserError: As `after_publishing`.
    """
    return _send(paths, now, blocked=None)


def receivers(settings: AlertSettings) -> dict[str, Receiver]:
    """Those configured, by the name the state knows them by."""
    found: dict[str, Receiver] = {}
    if settings.slack:
        webhook = settings.slack
        found["slack"] = lambda message: slack.post(webhook, message)
    if settings.smtp and settings.smtp.recipients:
        smtp = settings.smtp
        found["mail"] = lambda message: mail.send(smtp, [mail.as_mail(message, smtp)])
    return found


def open_alerts(warehouse: Path, remembered: state.State, now: datetime) -> list[Alert]:
    """What blocks publication, that nothing arrives, then what is open in the warehouse."""
    late = overdue(warehouse, silent_hours(), now)
    found = [*remembered.blocked, *([late] if late else [])]
    try:
        return [*found, *(read_alerts(warehouse) if warehouse.exists() else [])]
    except NoAlertsError:
        if not found:
            raise
        return found


def _send(paths: HomePaths, now: datetime | None, blocked: Sequence[FailedCheck] | None) -> Sent:
    now = now or datetime.now(UTC)
    settings = read_settings()
    known = receivers(settings)
    problems, accepted = [], 0
    with state.changing(paths.alerts) as remembered:
        if blocked is not None:
            remembered.blocked = blocked_alerts(blocked)
        alerts = open_alerts(paths.warehouse, remembered, now)
        decide.note_open(remembered, alerts, now)
        for name, receiver in known.items():
            dues = decide.due(remembered, alerts, name, settings.growth, now)
            messages = compose(dues, settings.group_above)
            for done, message in enumerate(messages):
                try:
                    receiver(message)
                except ReceiverError as error:
                    # The others would fail as well: they wait for the next time.
                    problems.append(f"{error}; {len(messages) - done} messages wait for next time")
                    break
                decide.note_told(remembered, message.dues, name, now)
                # Whoever kills us now is not told twice.
                state.save(paths.alerts, remembered)
                accepted += 1
    return Sent(len(alerts), tuple(known), accepted, tuple(problems))

"""Which events a receiver shall hear of now: pure, so that every case is tested alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from pipelines.alerts.events import Alert
from pipelines.alerts.state import Record, State, Told


@dataclass(frozen=True)
class Growth:
    """From when grown money is told again: both must hold.

    Attributes:
        factor: Times what was told.
        usd: More than what was told.
    """

    factor: Decimal = Decimal("1.5")
    usd: Decimal = Decimal(100)


@dataclass(frozen=True)
class Due:
    """An event to tell, and why now: new, open again, grown."""

    alert: Alert
    why: str


def note_open(state: State, alerts: Sequence[Alert], now: datetime) -> None:
    """Writes down which events are open: new ones, those that came back, those that are gone.

    What is silenced counts as not told: when the silence is over it is told again.
    """
    at = now.isoformat(timespec="seconds")
    for alert in alerts:
        record = state.records.setdefault(alert.alert_key, Record(first_seen=at))
        if record.closed_at is not None:
            record.closed_at, record.told = None, {}
            record.times_opened += 1
        if state.silence_of(alert.alert_key, now.date()):
            record.told = {}
    still_open = {alert.alert_key for alert in alerts}
    for key, record in state.records.items():
        if key not in still_open and record.closed_at is None:
            record.closed_at = at


def due(
    state: State, alerts: Sequence[Alert], receiver: str, growth: Growth, now: datetime
) -> list[Due]:
    """What one receiver shall hear now, in the order given.

    Args:
        state: With `alerts` written down by `note_open`.
        alerts: What is open.
        receiver: Name of the receiver.
        growth: From when grown money is news.
        now: UTC; its day decides about silences.
    """
    found = []
    for alert in alerts:
        if state.silence_of(alert.alert_key, now.date()):
            continue
        record = state.records[alert.alert_key]
        told = record.told.get(receiver)
        if told is None:
            found.append(Due(alert, "open again" if record.times_opened > 1 else "new"))
        elif _has_grown(alert.amount_usd, told, growth):
            found.append(Due(alert, "grown"))
    return found


def note_told(state: State, dues: Sequence[Due], receiver: str, now: datetime) -> None:
    """Writes down what a receiver has accepted."""
    for each in dues:
        amount = each.alert.amount_usd
        state.records[each.alert.alert_key].told[receiver] = Told(
            now.isoformat(timespec="seconds"), None if amount is None else format(amount, "f")
        )


def _has_grown(amount: Decimal | None, told: Told, growth: Growth) -> bool:
    if amount is None:
        return False
    return amount >= told.amount * growth.factor and amount - told.amount >= growth.usd

"""`valueops alerts`: what is open, what shall be silent, and sending by hand."""

import difflib
from datetime import UTC, date, datetime
from typing import TextIO

from rich.table import Table

from pipelines.alerts import state
from pipelines.alerts.events import Alert
from pipelines.alerts.messages import money
from pipelines.alerts.send import Sent, open_alerts, send_due
from pipelines.errors import UserError
from pipelines.home import HomePaths
from pipelines.terminal import HarmlessConsole

_PIPE_COLUMNS = 200


def list_alerts(paths: HomePaths, out: TextIO) -> None:
    """Writes what is open, whom it was told to, and what is silenced.

    Raises:
        UserError: There is nothing to read.
    """
    remembered = state.read(paths.alerts)
    now = datetime.now(UTC)
    alerts = open_alerts(paths.warehouse, remembered, now)
    console = HarmlessConsole(file=out, markup=False, highlight=False, emoji=False)
    if not console.is_terminal:
        console.width = _PIPE_COLUMNS
    if not alerts:
        console.print("nothing is open")
        return
    today = now.date()
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("alert_key", "subject"):
        table.add_column(name, overflow="fold")
    table.add_column("at stake", justify="right", overflow="fold")
    for name in ("owner", "since", "told"):
        table.add_column(name, overflow="fold")
    for alert in alerts:
        table.add_row(
            alert.alert_key,
            alert.subject,
            money(alert.amount_usd),
            alert.owner,
            alert.started_on.isoformat() if alert.started_on else "",
            _told(remembered, alert, today),
        )
    console.print(table)


def silence(
    paths: HomePaths, alert_key: str, until: date, reason: str, by: str, out: TextIO
) -> None:
    """Silences one event up to a day, included.

    Raises:
        UserError: No such event is open, or the day is over, or reason or name are empty.
    """
    now = datetime.now(UTC)
    if until < now.date():
        raise UserError(f"--until {until} is over already; today is {now.date()} (UTC)")
    if not reason.strip() or not by.strip():
        raise UserError("--reason and --by say why and who: others will ask")
    with state.changing(paths.alerts) as remembered:
        keys = [alert.alert_key for alert in open_alerts(paths.warehouse, remembered, now)]
        if alert_key not in keys:
            near = difflib.get_close_matches(alert_key, keys, n=3, cutoff=0.4)
            known = f"; the nearest: {', '.join(near)}" if near else ""
            raise UserError(
                f"no alert {alert_key} is open{known}; see them with: valueops alerts list"
            )
        remembered.silences.append(
            state.Silence(
                alert_key, until, reason.strip(), by.strip(), now.isoformat(timespec="seconds")
            )
        )
    out.write(f"{alert_key} is silent up to {until}; it is told again after that if still open\n")


def send(paths: HomePaths, out: TextIO) -> None:
    """Sends what is due now.

    Raises:
        UserError: No receiver is configured, or one did not take its messages.
    """
    sent = send_due(paths)
    if not sent.receivers:
        raise UserError(
            "no receiver is configured: set ALERTS__SLACK__WEBHOOK_URL, or ALERTS__SMTP__HOST, "
            "__SENDER and __RECIPIENTS (docs/alerts.md)"
        )
    out.write(f"{in_words(sent)}\n")
    if sent.problems:
        raise UserError("; ".join(sent.problems))


def in_words(sent: Sent) -> str:
    """One line of what a sending came to."""
    many = "" if sent.messages == 1 else "s"
    to = " and ".join(sent.receivers) or "nobody (no receiver is configured)"
    return f"alerts: {sent.open_events} open, {sent.messages} message{many} sent to {to}"


def _told(remembered: state.State, alert: Alert, today: date) -> str:
    silent = remembered.silence_of(alert.alert_key, today)
    if silent:
        return f"silent up to {silent.until} by {silent.by}: {silent.reason}"
    record = remembered.records.get(alert.alert_key)
    told = record.told if record and record.closed_at is None else {}
    return ", ".join(f"{name} {each.at[:10]}" for name, each in sorted(told.items())) or "not yet"

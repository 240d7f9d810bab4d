"""Receivers and rules as dlt finds them: config.toml, secrets.toml or the environment."""

import json
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

import dlt

from pipelines.alerts.decide import Growth
from pipelines.errors import UserError

SECURITIES = ("starttls", "tls", "none")


@dataclass(frozen=True)
class SlackSettings:
    """Where messages are posted.

    Attributes:
        webhook_url: A secret: whoever has it may post.
    """

    webhook_url: str = field(repr=False)


@dataclass(frozen=True)
class SmtpSettings:
    """How mail is sent.

    Attributes:
        host: Mail server.
        port: Its port.
        security: starttls, tls or none.
        user: Login; None for none.
        password: A secret.
        sender: Address that mail comes from.
        recipients: Who gets alerts.
        ca_file: Certificates to trust beside the system's.
    """

    host: str
    port: int
    security: str
    user: str | None
    password: str | None = field(repr=False)
    sender: str
    recipients: tuple[str, ...]
    ca_file: str | None


@dataclass(frozen=True)
class AlertSettings:
    """All of it; a receiver that is not configured is None."""

    slack: SlackSettings | None
    smtp: SmtpSettings | None
    group_above: int
    growth: Growth


def read_settings() -> AlertSettings:
    """The settings in force.

    Raises:
        UserError: One is missing or makes no sense; its name is said, a secret's value never.
    """
    return AlertSettings(
        slack=_slack(),
        smtp=read_smtp(),
        group_above=_whole("alerts.group_above", 5),
        growth=Growth(
            _decimal("alerts.growth_factor", Decimal("1.5")),
            _decimal("alerts.growth_usd", Decimal(100)),
        ),
    )


def silent_hours() -> int:
    """From how many hours without a loaded file on somebody is told.

    Raises:
        UserError: It is no whole number.
    """
    return _whole("alerts.silent_hours", 72)


def read_smtp() -> SmtpSettings | None:
    """How mail is sent; None where no host is named.

    Raises:
        UserError: As `read_settings`.
    """
    host = _get("alerts.smtp.host")
    if not host:
        return None
    security = str(_get("alerts.smtp.security") or SECURITIES[0])
    if security not in SECURITIES:
        raise UserError(f"alerts.smtp.security is {', '.join(SECURITIES)}, not {security}")
    sender = _get("alerts.smtp.sender")
    if not sender:
        raise UserError(
            "alerts.smtp.host is set, and alerts.smtp.sender is not; set it to the address that "
            "mail shall come from"
        )
    return SmtpSettings(
        host=str(host),
        port=_whole("alerts.smtp.port", 465 if security == "tls" else 587),
        security=security,
        user=_text("alerts.smtp.user"),
        password=_secret("alerts.smtp.password"),
        sender=str(sender),
        recipients=addresses(_get("alerts.smtp.recipients")),
        ca_file=_text("alerts.smtp.ca_file"),
    )


def addresses(value: Any) -> tuple[str, ...]:
    """Addresses from a list, from a list as JSON, or from a text with commas."""
    if isinstance(value, str) and value.strip().startswith("["):
        try:
            value = json.loads(value)
        except ValueError:
            raise UserError(f"{value!r} is no list of addresses") from None
    parts = value if isinstance(value, list | tuple) else str(value or "").split(",")
    return tuple(text for part in parts if (text := str(part).strip()))


def _slack() -> SlackSettings | None:
    url = _secret("alerts.slack.webhook_url")
    if url is None:
        return None
    if not url.startswith(("https://", "http://")):
        raise UserError("alerts.slack.webhook_url is no http(s) address")
    return SlackSettings(url)


def _get(key: str) -> Any:
    # Not get(): its default type refuses lists.
    return dlt.config[key] if key in dlt.config else None  # noqa: SIM401


def _text(key: str) -> str | None:
    value = _get(key)
    return str(value) if value not in (None, "") else None


def _secret(key: str) -> str | None:
    value = dlt.secrets[key] if key in dlt.secrets else None  # noqa: SIM401
    return str(value) if value not in (None, "") else None


def _whole(key: str, default: int) -> int:
    value = _get(key)
    try:
        return default if value is None else int(value)
    except (TypeError, ValueError):
        raise UserError(f"{key} is a whole number, not {value!r}") from None


def _decimal(key: str, default: Decimal) -> Decimal:
    value = _get(key)
    try:
        return default if value is None else Decimal(str(value))
    except InvalidOperation:
        raise UserError(f"{key} is a number, not {value!r}") from None

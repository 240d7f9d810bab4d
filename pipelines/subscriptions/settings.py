"""Subscriptions as dlt finds them: `[subscriptions.<name>]` in config.toml, or the environment."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import dlt

from pipelines.errors import UserError

REPORTS = ("value", "capacity", "costs")
FORMATS = ("html", "pdf")
MAIL, FOLDER = "mail:", "folder:"
_DEFAULT_REPORTS = ("value", "capacity")
_KEYS = {"reports", "format", "to"}


@dataclass(frozen=True)
class Subscription:
    """Who gets what.

    Attributes:
        name: As the settings call it.
        reports: Of `REPORTS`.
        formats: Of `FORMATS`.
        to: `mail:<address>`, `folder:<path>`, or an address that fsspec knows, such as
            `s3://bucket/reports`.
    """

    name: str
    reports: tuple[str, ...]
    formats: tuple[str, ...]
    to: tuple[str, ...]


def read_subscriptions() -> list[Subscription]:
    """All subscriptions, by name; none where nothing is configured.

    Raises:
        UserError: One makes no sense; the message names the key.
    """
    # Not get(): its default type refuses tables.
    found = dlt.config["subscriptions"] if "subscriptions" in dlt.config else {}  # noqa: SIM401
    if isinstance(found, str):
        try:
            found = json.loads(found)
        except ValueError:
            raise UserError("SUBSCRIPTIONS in the environment is no JSON object") from None
    if not isinstance(found, Mapping):
        raise UserError("subscriptions is a table of tables: [subscriptions.<name>]")
    return [_subscription(str(name), found[name]) for name in sorted(found)]


def _subscription(name: str, told: Any) -> Subscription:
    where = f"subscriptions.{name}"
    if not isinstance(told, Mapping):
        raise UserError(f"{where} is a table with reports, format and to")
    unknown = sorted(set(map(str, told)) - _KEYS)
    if unknown:
        raise UserError(f"{where}.{unknown[0]} is not known; there are reports, format and to")
    to = _texts(told.get("to"))
    if not to:
        raise UserError(f"{where}.to is missing: mail:<address>, folder:<path> or s3://...")
    for address in to:
        if not address.startswith((MAIL, FOLDER)) and "://" not in address:
            # Not the address itself: one for a bucket may hold a key.
            raise UserError(f"{where}.to begins with mail:, folder: or a protocol such as s3://")
    return Subscription(
        name=name,
        reports=_of(f"{where}.reports", told.get("reports"), REPORTS, _DEFAULT_REPORTS),
        formats=_of(f"{where}.format", told.get("format"), FORMATS, FORMATS[:1]),
        to=to,
    )


def _of(key: str, value: Any, known: tuple[str, ...], default: tuple[str, ...]) -> tuple[str, ...]:
    told = _texts(value) or default
    for each in told:
        if each not in known:
            raise UserError(f"{key} is of {', '.join(known)}, not {each}")
    return tuple(dict.fromkeys(told))


def _texts(value: Any) -> tuple[str, ...]:
    parts = value if isinstance(value, list | tuple) else [value or ""]
    return tuple(text for part in parts if (text := str(part).strip()))

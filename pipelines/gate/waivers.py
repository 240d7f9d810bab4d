"""Waivers: a broken rule that somebody answers for, until a day."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from pipelines.errors import UserError
from pipelines.gate.facts import nearest
from pipelines.gate.rules import Finding, Outcome, Rule

_TEXTS = ("model", "version", "rule", "owner", "reason")


@dataclass(frozen=True)
class Waiver:
    """One entry of a waiver file.

    Attributes:
        model: Model name, lower case.
        version: Version, lower case.
        rule: The rule it waives.
        owner: Who answers for it.
        reason: Why.
        expires: Last day it holds (UTC).
    """

    model: str
    version: str
    rule: Rule
    owner: str
    reason: str
    expires: date


def read_waivers(path: Path) -> list[Waiver]:
    """Read a TOML file of `[[waiver]]` tables.

    Raises:
        UserError: It cannot be read, or an entry lacks owner, reason, expiry or another key, or
            names a rule there is not.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UserError(f"waivers {path} cannot be read: {error.strerror or error}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserError(f"waivers {path} are no TOML: {error}") from error
    entries = content.pop("waiver", [])
    if content or not isinstance(entries, list):
        raise UserError(f"waivers {path}: write each one as a [[waiver]] table")
    return [_waiver(entry, f"{path}, waiver {n}") for n, entry in enumerate(entries, start=1)]


def _waiver(entry: Any, where: str) -> Waiver:
    if not isinstance(entry, dict):
        raise UserError(f"{where}: write it as a [[waiver]] table")
    unknown = set(entry) - {*_TEXTS, "expires"}
    if unknown:
        raise UserError(f"{where}: no key is called {sorted(unknown)[0]}")
    for key in _TEXTS:
        if not isinstance(entry.get(key), str) or not entry[key].strip():
            raise UserError(f"{where}: {key} is missing; it takes {', '.join(_TEXTS)}, expires")
    # A moment is a date too in Python; a waiver holds for whole days.
    if type(entry.get("expires")) is not date:
        raise UserError(f"{where}: expires is missing or no day; write expires = 2026-12-31")
    if entry["rule"] not in set(Rule):
        raise UserError(f"{where}: no rule {entry['rule']}; {nearest(entry['rule'], list(Rule))}")
    return Waiver(
        model=entry["model"].strip().lower(),
        version=entry["version"].strip().lower(),
        rule=Rule(entry["rule"]),
        owner=entry["owner"].strip(),
        reason=entry["reason"].strip(),
        expires=entry["expires"],
    )


def waived(
    findings: Sequence[Finding], waivers: Sequence[Waiver], model: str, version: str, today: date
) -> list[tuple[Finding, Waiver | None]]:
    """Take what is waived out of what is broken.

    Args:
        findings: What the rules say.
        waivers: Every waiver there is.
        model: Model name, lower case.
        version: Version, lower case.
        today: UTC day.

    Returns:
        Each finding with the waiver of its rule that holds the longest; one that has expired
        stays with the finding and waives nothing.
    """
    mine = [one for one in waivers if (one.model, one.version) == (model, version)]
    found: list[tuple[Finding, Waiver | None]] = []
    for finding in findings:
        waiver = max(
            (one for one in mine if one.rule == finding.rule),
            key=lambda one: one.expires,
            default=None,
        )
        if waiver is None or finding.outcome is not Outcome.BROKEN:
            found.append((finding, None))
        elif waiver.expires < today:
            found.append((finding, waiver))
        else:
            found.append((replace(finding, outcome=Outcome.WAIVED), waiver))
    return found

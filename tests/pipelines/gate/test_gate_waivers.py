"""Waivers: who answers for a broken rule, until when."""

from datetime import date

import pytest

from pipelines.errors import UserError
from pipelines.gate.rules import Finding, Outcome, Rule
from pipelines.gate.waivers import read_waivers, waived

GOOD = """
[[waiver]]
model = "Chat"
version = "V2"
rule = "budget_exceeded"
owner = "jane@example.com"
reason = "a new amount is agreed from July"
expires = 2026-07-01
"""
BROKEN = Finding(Rule.BUDGET, Outcome.BROKEN, "spent")
PASSED = Finding(Rule.QUALITY, Outcome.PASSED, "good")


def written(tmp_path, text):
    path = tmp_path / "waivers.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("today", "model", "version", "expected"),
    [
        (date(2026, 7, 1), "chat", "v2", Outcome.WAIVED),  # the last day counts
        (date(2026, 7, 2), "chat", "v2", Outcome.BROKEN),
        (date(2026, 6, 1), "chat", "v3", Outcome.BROKEN),
        (date(2026, 6, 1), "search", "v2", Outcome.BROKEN),
    ],
)
def test_a_waiver_holds_for_one_version_until_its_day(tmp_path, today, model, version, expected):
    waivers = read_waivers(written(tmp_path, GOOD))
    (found, waiver), (other, none) = waived([BROKEN, PASSED], waivers, model, version, today)
    assert found.outcome is expected
    assert (waiver is None) == ((model, version) != ("chat", "v2"))
    assert (other, none) == (PASSED, None)


def test_a_waiver_waives_its_own_rule_only(tmp_path):
    waivers = read_waivers(written(tmp_path, GOOD.replace("budget_exceeded", "verdict_eliminate")))
    ((found, waiver),) = waived([BROKEN], waivers, "chat", "v2", date(2026, 6, 1))
    assert (found, waiver) == (BROKEN, None)


def test_the_longest_waiver_counts(tmp_path):
    late = GOOD.replace("2026-07-01", "2026-08-01")
    waivers = read_waivers(written(tmp_path, late + GOOD))
    ((found, waiver),) = waived([BROKEN], waivers, "chat", "v2", date(2026, 7, 15))
    assert found.outcome is Outcome.WAIVED
    assert waiver is not None and waiver.expires == date(2026, 8, 1)


@pytest.mark.parametrize("key", ["model", "version", "rule", "owner", "reason", "expires"])
def test_every_key_is_needed(tmp_path, key):
    lines = [line for line in GOOD.splitlines() if not line.startswith(key)]
    with pytest.raises(UserError, match=f"waiver 1: {key} is missing"):
        read_waivers(written(tmp_path, "\n".join(lines)))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[waiver]", "no TOML"),
        ("waiver = 3", r"\[\[waiver\]\]"),
        ("[waivers]\na = 1", r"\[\[waiver\]\]"),
        ("waiver = [1]", r"\[\[waiver\]\]"),
        (GOOD.replace("budget_exceeded", "budget"), "nearest: budget_exceeded"),
        (GOOD.replace("2026-07-01", '"2026-07-01"'), "expires is missing or no day"),
        (GOOD.replace("2026-07-01", "2026-07-01T00:00:00"), "expires is missing or no day"),
        (GOOD.replace("jane@example.com", " "), "owner is missing"),
        (GOOD + "until = 2026-07-01", "no key is called until"),
    ],
)
def test_a_bad_waiver_says_what_is_wrong(tmp_path, text, message):
    with pytest.raises(UserError, match=message):
        read_waivers(written(tmp_path, text))


def test_a_missing_file_is_said(tmp_path):
    with pytest.raises(UserError, match="cannot be read: No such file"):
        read_waivers(tmp_path / "none.toml")

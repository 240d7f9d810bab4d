"""The gate's answer: Markdown for a pull request, JSON for machines."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from pipelines.gate.estimate import Estimate
from pipelines.gate.facts import Facts, nearest
from pipelines.gate.rules import Finding, Outcome, budget_name
from pipelines.gate.waivers import Waiver
from pipelines.harmless import harmless

PASSED, BROKEN, NO_BASIS = 0, 3, 4

_MARKS = {
    Outcome.PASSED: "✅ passed",
    Outcome.WARNED: "⚠️ warned",
    Outcome.BROKEN: "❌ broken",
    Outcome.WAIVED: "🟡 waived",
    Outcome.UNKNOWN: "⬜ not applicable",
}
_HEADLINES = {PASSED: "passes", BROKEN: "is held up", NO_BASIS: "cannot be judged"}
# What would be read as markup, in a table cell too; and what calls on people.
_MARKUP = re.compile(r"([\\`*_\[\]#|~<>&])")
_UNHEARD = "@\N{ZERO WIDTH SPACE}"


@dataclass(frozen=True)
class Answer:
    """All that the gate says.

    Attributes:
        facts: What was known.
        estimate: What the version will cost; None where there is no basis.
        findings: What each rule says, with the waiver it met.
    """

    facts: Facts
    estimate: Estimate | None
    findings: Sequence[tuple[Finding, Waiver | None]]

    @property
    def exit_code(self) -> int:
        """0 pass, 3 a rule is broken, 4 nothing to judge by."""
        if self.estimate is None:
            return NO_BASIS
        broken = any(finding.outcome is Outcome.BROKEN for finding, _ in self.findings)
        return BROKEN if broken else PASSED

    @property
    def no_basis(self) -> str | None:
        """Why there is no estimate and what would give one, or None."""
        if self.estimate is not None:
            return None
        facts = self.facts
        if facts.version is None:
            return (
                f"{facts.model} has no version {facts.name}; "
                f"{nearest(facts.name, facts.known_versions)}. "
                "Register it, or let it serve some calls on trial"
            )
        return (
            f"{facts.name} has neither calls nor cost, and registry and price lists do not say "
            "what it would cost: give its provider_model or accelerator a price (and the "
            "accelerator a throughput), compare it with a version that serves, or let it serve "
            "some calls on trial"
        )


def as_data(answer: Answer) -> dict[str, Any]:
    """The answer for machines: money as text with every digit, days as ISO text."""
    facts, estimate = answer.facts, answer.estimate
    return {
        "model_name": facts.model,
        "model_version": facts.name,
        "against_version": facts.against.model_version if facts.against else None,
        "as_of_date": _plain(facts.version.as_of_date) if facts.version else None,
        "is_passed": answer.exit_code == PASSED,
        "exit_code": answer.exit_code,
        "no_basis": answer.no_basis,
        "estimate": _plain(asdict(estimate)) if estimate else None,
        "rules": [
            _plain(asdict(finding)) | {"waiver": _plain(asdict(waiver)) if waiver else None}
            for finding, waiver in answer.findings
        ],
        "budgets": [_plain(asdict(budget)) for budget in facts.budgets],
    }


def as_markdown(answer: Answer) -> str:
    """The answer for people, as a comment on a pull request."""
    facts, estimate = answer.facts, answer.estimate
    against = f" against {text(facts.against.model_version)}" if facts.against else ""
    lines = [
        f"### {text(facts.model)} {text(facts.name)}{against} {_HEADLINES[answer.exit_code]}",
        "",
    ]
    if answer.no_basis:
        lines += [text(answer.no_basis) + ".", ""]
    if estimate:
        lines += [
            f"**{estimate.cost_usd:,.2f} USD in {estimate.month:%B %Y}**"
            f"{_difference(estimate)}: {text(estimate.method)}.",
            "",
        ]
    lines += ["| rule | | why | USD |", "| --- | --- | --- | ---: |"]
    lines += [_row(finding, waiver) for finding, waiver in answer.findings]
    steps = [
        text(finding.next_step)
        for finding, _ in answer.findings
        if finding.next_step and finding.outcome in (Outcome.BROKEN, Outcome.WARNED)
    ]
    if steps:
        lines += ["", "What to do:", "", *(f"- {step}" for step in dict.fromkeys(steps))]
    if facts.budgets:
        lines += ["", "| budget | left, USD | spent | projected |", "| --- | ---: | ---: | ---: |"]
        lines += [
            f"| {text(budget_name(budget))} | {_cents(budget.left_usd)} "
            f"| {_cents(budget.actual_usd)} | {_cents(budget.projected_usd)} |"
            for budget in facts.budgets
        ]
    if facts.version:
        lines += ["", f"As of {facts.version.as_of_date}, the newest day with billing data."]
    return "\n".join(lines) + "\n"


def text(value: str) -> str:
    """A name or sentence as Markdown shows it, on one line, whatever it holds."""
    return _MARKUP.sub(r"\\\1", harmless(" ".join(value.split()))).replace("@", _UNHEARD)


def _row(finding: Finding, waiver: Waiver | None) -> str:
    why = text(finding.reason)
    if waiver is not None:
        state = "waived" if finding.outcome is Outcome.WAIVED else "waiver has expired;"
        why += f" ({state} by {text(waiver.owner)} to {waiver.expires}: {text(waiver.reason)})"
    rule = finding.rule.replace("_", " ")
    return f"| {rule} | {_MARKS[finding.outcome]} | {why} | {_cents(finding.dollars)} |"


def _difference(estimate: Estimate) -> str:
    if estimate.compared_usd is None:
        return ""
    more = estimate.cost_usd - estimate.compared_usd
    return f" ({more:+,.2f} USD against now)"


def _cents(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount:,.2f}"


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    return value

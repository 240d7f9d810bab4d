"""The four rules that a deploy can break; plain functions on facts and estimate."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from pipelines.gate.estimate import Estimate
from pipelines.gate.facts import Budget, Change, Facts, Version

_MONTH_DAYS = 30
_ALL = "unattributed"


class Rule(StrEnum):
    """What a deploy can break."""

    COST_SPIKE = "unjustified_cost_spike"
    ELIMINATE = "verdict_eliminate"
    BUDGET = "budget_exceeded"
    QUALITY = "quality_below_floor"


class Outcome(StrEnum):
    """What came of a rule."""

    PASSED = "passed"
    WARNED = "warned"
    BROKEN = "broken"
    WAIVED = "waived"
    UNKNOWN = "not_applicable"


@dataclass(frozen=True)
class Finding:
    """What one rule says.

    Attributes:
        rule: The rule.
        outcome: What came of it.
        reason: Why, with the figures.
        dollars: Money at stake, USD (a month's, or a budget's); None where none is.
        next_step: What to do about it, empty where nothing is to be done.
    """

    rule: Rule
    outcome: Outcome
    reason: str
    dollars: Decimal | None = None
    next_step: str = ""


def judge(facts: Facts, estimated: Estimate | None) -> list[Finding]:
    """Apply every rule.

    Args:
        facts: What the warehouse knows; a version it has never heard of breaks nothing but budgets.
        estimated: What it will cost, where that can be said.

    Returns:
        One finding per rule, and one per budget, at least one.
    """
    return [
        _cost_spike(facts, estimated),
        _verdict(facts),
        _quality(facts.version, estimated),
        *_budgets(facts.budgets, estimated),
    ]


def _cost_spike(facts: Facts, estimated: Estimate | None) -> Finding:
    version, against = facts.version, facts.against
    if version is None or against is None:
        return Finding(Rule.COST_SPIKE, Outcome.UNKNOWN, "no version to compare it with")
    if facts.change is not None:
        return _measured_spike(facts.change, against)
    if estimated is None or estimated.compared_usd is None:
        return Finding(
            Rule.COST_SPIKE, Outcome.UNKNOWN, f"nothing says what {against.model_version} costs"
        )
    return _estimated_spike(version, against, estimated, estimated.compared_usd)


def _measured_spike(change: Change, against: Version) -> Finding:
    call = _times(change.cost_per_request_ratio)
    token = _times(change.cost_per_mtok_ratio)
    what = f"a call costs {call}, a token {token} what it did with {against.model_version}"
    if not change.is_cost_spike:
        return Finding(Rule.COST_SPIKE, Outcome.PASSED, what)
    if change.is_justified:
        return Finding(Rule.COST_SPIKE, Outcome.PASSED, f"{what}; a dollar brings as much value")
    why = (
        "no value on both sides says why"
        if change.is_justified is None
        else "a dollar brings less value"
    )
    return Finding(
        Rule.COST_SPIKE,
        Outcome.BROKEN,
        f"{what}, and {why}",
        max(change.excess_per_day_usd * _MONTH_DAYS, Decimal(0)),
        f"go back to {against.model_version}, or bring its cost per call back",
    )


def _estimated_spike(
    version: Version, against: Version, estimated: Estimate, compared: Decimal
) -> Finding:
    call = estimated.cost_usd / compared if compared > 0 else None
    token = None
    is_of_its_calls = estimated.cost_per_request_usd == version.cost_per_request_usd
    if is_of_its_calls and version.cost_per_mtok_usd is not None and against.cost_per_mtok_usd:
        token = version.cost_per_mtok_usd / against.cost_per_mtok_usd
    what = (
        f"estimated: a call costs {_times(call)} what it does with {against.model_version}"
        f" ({_dollars(estimated.cost_usd)} against {_dollars(compared)} USD a month)"
    )
    if token is not None:
        what += f", a token {_times(token)}"
    ratios = [ratio for ratio in (call, token) if ratio is not None]
    if not any(ratio >= version.cost_spike_ratio for ratio in ratios):
        return Finding(Rule.COST_SPIKE, Outcome.PASSED, what)
    return Finding(
        Rule.COST_SPIKE,
        Outcome.BROKEN,
        f"{what}, and no value is measured yet that says why",
        max(estimated.cost_usd - compared, Decimal(0)),
        "bring its cost per call down, or show its value on trial beside "
        f"{against.model_version} first",
    )


def _verdict(facts: Facts) -> Finding:
    if facts.verdict is None:
        return Finding(Rule.ELIMINATE, Outcome.UNKNOWN, "no verdict yet")
    said = f"{facts.verdict.verdict}: {facts.verdict.reasons}"
    if facts.verdict.verdict != "eliminate":
        return Finding(Rule.ELIMINATE, Outcome.PASSED, said)
    return Finding(
        Rule.ELIMINATE,
        Outcome.BROKEN,
        said,
        facts.verdict.dollars_at_stake,
        facts.verdict.next_step,
    )


def _quality(version: Version | None, estimated: Estimate | None) -> Finding:
    if version is None or version.quality is None:
        return Finding(Rule.QUALITY, Outcome.UNKNOWN, "not evaluated yet")
    what = (
        f"{version.quality_metric} {version.quality:.1%} on {version.evaluated_on}, "
        f"floor {version.quality_floor:.0%}"
    )
    if version.quality >= version.quality_floor:
        return Finding(Rule.QUALITY, Outcome.PASSED, what)
    return Finding(
        Rule.QUALITY,
        Outcome.BROKEN,
        what,
        estimated.cost_usd if estimated else None,
        "evaluate it again once it is better: below the floor it is no replacement",
    )


def _budgets(budgets: Iterable[Budget], estimated: Estimate | None) -> list[Finding]:
    found = [_budget(budget, estimated) for budget in budgets]
    return found or [Finding(Rule.BUDGET, Outcome.UNKNOWN, "no budget under way names it")]


def _budget(budget: Budget, estimated: Estimate | None) -> Finding:
    name = budget_name(budget)
    if budget.amount_usd is None or budget.left_usd is None:
        return Finding(Rule.BUDGET, Outcome.UNKNOWN, f"{name}: no rate for its currency")
    if budget.status == "exceeded":
        return Finding(
            Rule.BUDGET,
            Outcome.BROKEN,
            f"{name}: {_dollars(budget.actual_usd)} of {_dollars(budget.amount_usd)} USD spent, "
            f"{_dollars(budget.spent_by_model_usd)} by this model",
            -budget.left_usd,
            f"agree on a new amount with {budget.role}, or spend less until {budget.period_end}",
        )
    what = f"{name}: {_dollars(budget.left_usd)} of {_dollars(budget.amount_usd)} USD left"
    more = _more_than_now(estimated)
    if budget.status == "at_risk":
        over = budget.projected_usd - budget.amount_usd
        return Finding(
            Rule.BUDGET,
            Outcome.WARNED,
            f"{what}, at risk: {_dollars(budget.projected_usd)} projected",
            over if over > 0 else None,
            f"tell {budget.role} before {budget.period_end}",
        )
    if more > budget.left_usd:
        return Finding(
            Rule.BUDGET,
            Outcome.WARNED,
            f"{what}, the deploy adds {_dollars(more)} USD a month",
            more - budget.left_usd,
            f"tell {budget.role} before {budget.period_end}",
        )
    return Finding(Rule.BUDGET, Outcome.PASSED, what)


def _more_than_now(estimated: Estimate | None) -> Decimal:
    """What a month costs more than with the version compared with, USD."""
    if estimated is None or estimated.compared_usd is None:
        return Decimal(0)
    return estimated.cost_usd - estimated.compared_usd


def budget_name(budget: Budget) -> str:
    """A budget as people call it."""
    team = "every team" if budget.team == _ALL else f"team {budget.team}"
    model = "every model" if budget.model_name == _ALL else budget.model_name
    role = "nobody's" if budget.role == _ALL else f"{budget.role}'s"
    return f"{role} budget for {team}, {model}, to {budget.period_end}"


def _dollars(amount: Decimal) -> str:
    return f"{amount:,.2f}"


def _times(ratio: Decimal | None) -> str:
    return "-" if ratio is None else f"{ratio:.2f}x"

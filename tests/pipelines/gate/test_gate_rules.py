"""The four rules of the gate on facts made by hand."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from made_facts import budget, change, facts, priced, verdict, version

from pipelines.gate.estimate import Basis, Estimate
from pipelines.gate.rules import Outcome, Rule, judge

COST = Estimate(
    month=date(2026, 7, 1),
    basis=Basis.TOKEN_PRICES,
    method="list prices",
    requests=1000,
    cost_usd=Decimal(125),
    cost_per_request_usd=Decimal("0.125"),
    compared_usd=Decimal(100),
)


def outcome(rule, known, estimated=None):
    """Outcome and money of one rule."""
    (found,) = (one for one in judge(known, estimated) if one.rule is rule)
    return found.outcome, found.dollars


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({}, (Outcome.BROKEN, 300)),  # 10 USD a day, 30 days
        ({"is_justified": None}, (Outcome.BROKEN, 300)),
        ({"is_justified": True}, (Outcome.PASSED, None)),
        ({"is_cost_spike": False}, (Outcome.PASSED, None)),
        ({"excess_per_day_usd": Decimal(-1)}, (Outcome.BROKEN, 0)),
    ],
)
def test_a_measured_spike_needs_value(known, expected):
    assert outcome(Rule.COST_SPIKE, facts(change=change(**known))) == expected


@pytest.mark.parametrize(
    ("cost", "expected"),
    [("125", (Outcome.BROKEN, 25)), ("124.99", (Outcome.PASSED, None))],
)
def test_an_estimated_spike_begins_at_the_ratio(cost, expected):
    estimated = replace(COST, cost_usd=Decimal(cost))
    assert outcome(Rule.COST_SPIKE, facts(version=priced("v2")), estimated) == expected


def test_a_dearer_token_is_a_spike_too():
    mine = version("v2", cost_per_request_usd="0.1", cost_per_mtok_usd="250")
    known = facts(version=mine, against=version("v1", cost_per_mtok_usd="200"))
    same = replace(COST, cost_usd=Decimal(100), cost_per_request_usd=Decimal("0.1"))
    assert outcome(Rule.COST_SPIKE, known, same)[0] is Outcome.BROKEN
    # but not where the estimate does not rest on its own calls
    sized = replace(same, cost_per_request_usd=Decimal("0.2"))
    assert outcome(Rule.COST_SPIKE, known, sized)[0] is Outcome.PASSED


def test_without_another_version_there_is_no_spike():
    assert outcome(Rule.COST_SPIKE, facts(against=None), COST)[0] is Outcome.UNKNOWN
    alone = replace(COST, compared_usd=None)
    assert outcome(Rule.COST_SPIKE, facts(), alone)[0] is Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("eliminate", (Outcome.BROKEN, 7)),
        ("optimize", (Outcome.PASSED, None)),
        ("justify", (Outcome.PASSED, None)),
    ],
)
def test_only_eliminate_holds_a_deploy_up(kind, expected):
    assert outcome(Rule.ELIMINATE, facts(verdict=verdict(kind))) == expected


@pytest.mark.parametrize(
    ("quality", "expected"),
    [
        ("0.7", (Outcome.PASSED, None)),
        ("0.699", (Outcome.BROKEN, 125)),
        (None, (Outcome.UNKNOWN, None)),
    ],
)
def test_quality_holds_the_floor(quality, expected):
    evaluated = version("v2", quality=quality, evaluated_on=date(2026, 6, 1))
    assert outcome(Rule.QUALITY, facts(version=evaluated), COST) == expected


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({}, (Outcome.PASSED, None)),
        (
            {"status": "exceeded", "actual_usd": "110", "left_usd": Decimal(-10)},
            (Outcome.BROKEN, 10),
        ),
        ({"status": "at_risk", "projected_usd": "130"}, (Outcome.WARNED, 30)),
        # over its soft limit, yet to end within the amount
        ({"status": "at_risk", "actual_usd": "85", "left_usd": "15"}, (Outcome.WARNED, None)),
        # the deploy adds 25 a month
        ({"left_usd": "24"}, (Outcome.WARNED, 1)),
        ({"left_usd": "25"}, (Outcome.PASSED, None)),
        ({"amount_usd": None, "left_usd": None, "status": None}, (Outcome.UNKNOWN, None)),
    ],
)
def test_only_an_exceeded_budget_holds_a_deploy_up(known, expected):
    assert outcome(Rule.BUDGET, facts(budgets=(budget(**known),)), COST) == expected


def test_every_rule_speaks_and_every_budget():
    found = judge(facts(budgets=(budget(), budget(role="other"))), COST)
    assert [one.rule for one in found] == [
        Rule.COST_SPIKE,
        Rule.ELIMINATE,
        Rule.QUALITY,
        Rule.BUDGET,
        Rule.BUDGET,
    ]
    assert [one.rule for one in judge(facts(), None)] == list(
        (Rule.COST_SPIKE, Rule.ELIMINATE, Rule.QUALITY, Rule.BUDGET)
    )


def test_a_version_nobody_has_heard_of_breaks_its_budget_only():
    known = facts(version=None, budgets=(budget(status="exceeded", left_usd=Decimal(-1)),))
    assert [one.outcome for one in judge(known, None)] == [
        Outcome.UNKNOWN,
        Outcome.UNKNOWN,
        Outcome.UNKNOWN,
        Outcome.BROKEN,
    ]

"""The demo's budgets come out with the status they were planted with, and projections hold."""

from decimal import Decimal

import pytest


def key(name: str) -> str:
    return name or "unattributed"


def test_every_budget_has_its_planted_status(company, recovery):
    found = {
        row[:3]: row[3:]
        for row in company.rows(
            "select role, team, model_name, amount, currency, status from marts.fct_budget_status"
        )
    }
    planted = {
        (budget["role"], key(budget["team"]), key(budget["model_name"])): budget
        for budget in company.truth["budgets"]
    }
    assert found.keys() == planted.keys()
    for budget_key, (amount, currency, status) in found.items():
        budget = planted[budget_key]
        assert (currency, status) == (budget["currency"], budget["status"]), budget_key
        recovery.money(f"budgets: {budget['role']}, {status}", budget["amount"], amount)


def test_a_budget_that_is_over_is_what_was_spent(company):
    rows = company.rows(
        "select cast(as_of_date as varchar), elapsed_ratio, projection_method, "
        "projected_usd - actual_usd, projected_low_usd - actual_usd, "
        "projected_high_usd - actual_usd from marts.fct_budget_status"
    )
    assert rows == [(company.truth["last_day"], 1, "period_over", 0, 0, 0)] * 4


def test_a_euro_budget_is_at_the_rate_of_the_last_day(company):
    amount, usd, rate = company.one(
        "select amount, amount_usd, usd_rate from marts.fct_budget_status "
        "inner join intermediate.int_currency__rates using (currency) where date_day = as_of_date"
    )
    assert usd == amount * rate
    assert Decimal(1) < rate < Decimal(2)


def test_a_models_budget_is_spent_on_its_vendor_and_its_share_of_the_platform(company):
    """support-copilot: the amount is 0.6 of what the vendor bills, and it has a share beside."""
    budget = next(b for b in company.truth["budgets"] if b["model_name"] == "support-copilot")
    actual, burn = company.one(
        "select actual_usd, burn_ratio from marts.fct_budget_status where model_name = ?",
        budget["model_name"],
    )
    (direct,) = company.one(
        "select sum(direct_cost_usd) from marts.fct_unit_economics_daily "
        "where model_name = ? and date_day >= date '2026-06-01'",
        budget["model_name"],
    )
    assert float(direct * Decimal("0.6")) == pytest.approx(float(budget["amount"]), rel=1e-3)
    assert actual > direct
    assert float(burn) == pytest.approx(float(actual) / float(budget["amount"]))


@pytest.mark.parametrize(("elapsed", "error"), [(0.25, 0.2), (0.5, 0.1), (0.75, 0.05)])
def test_june_was_projected_from_its_quarters(company, elapsed, error):
    """support-copilot got cheaper days before June, and the overnight spike is in the last half."""
    errors = company.rows(
        "select model_name, abs(error_ratio), is_within_interval "
        "from marts.fct_budget_projection_error "
        "where period_start = date '2026-06-01' and abs(elapsed_ratio - ?) < 0.03",
        elapsed,
    )
    # platform-lead's team has no model of its own: nothing to project
    assert len(errors) == 3
    assert all(found < error for _, found, _ in errors), errors
    steady = next(found for model, found, _ in errors if model == "ticket-triage")
    assert steady < Decimal("0.04")

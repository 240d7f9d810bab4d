"""`budgets/` and `roles/`: whose money it is, and how much was set aside for the last month."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import pyarrow as pa

from ingestion.demo.calendar import Calendar

ROLES = (
    ("head-of-support", "support"),
    ("head-of-support", "documents"),
    ("head-of-ml", "assistant"),
    ("head-of-ml", "search"),
    ("head-of-ml", "growth"),
    ("platform-lead", "platform"),
)
_SOFT_LIMIT = "0.8"


@dataclass(frozen=True)
class Budget:
    """One budget of the last month.

    Args:
        role: Who answers for it.
        team: Empty = every team of the role.
        model_name: Empty = every model.
        currency: Of the amount.
        part: The amount as a multiple of what the model really costs, or of the whole bill where
            no model is named.
        status: What it must come out as.
    """

    role: str
    team: str
    model_name: str
    currency: str
    part: Decimal
    status: Literal["ok", "at_risk", "exceeded"]


BUDGETS = (
    Budget("head-of-support", "support", "support-copilot", "USD", Decimal("0.6"), "exceeded"),
    Budget("head-of-support", "support", "ticket-triage", "USD", Decimal("1.1"), "at_risk"),
    Budget("head-of-ml", "", "", "USD", Decimal(2), "ok"),
    Budget("platform-lead", "platform", "", "EUR", Decimal(1), "ok"),
)


def amounts(costs: dict[str, Decimal]) -> list[Decimal]:
    """Whole amounts of `BUDGETS` in their currency.

    Args:
        costs: USD of the last month by model name; under `` the whole bill.
    """
    return [(costs[budget.model_name] * budget.part).quantize(Decimal(1)) for budget in BUDGETS]


def budget_table(calendar: Calendar, costs: dict[str, Decimal]) -> pa.Table:
    """`budgets/budgets.csv`, as text."""
    month = calendar.months[-1]
    last = calendar.day(month.stop - 1)
    return pa.Table.from_pylist(
        [
            {
                "period_start": str(month.start),
                "period_end": str(last),
                "role": budget.role,
                "team": budget.team or None,
                "model_name": budget.model_name or None,
                "amount": str(amount),
                "currency": budget.currency,
                "soft_limit_ratio": _SOFT_LIMIT,
            }
            for budget, amount in zip(BUDGETS, amounts(costs), strict=True)
        ]
    )


def role_table() -> pa.Table:
    """`roles/roles.csv`, as text."""
    return pa.Table.from_pylist([{"role": role, "team": team} for role, team in ROLES])


def budgets_truth(costs: dict[str, Decimal]) -> list[dict[str, object]]:
    """What each budget must come out as on the last day."""
    return [
        {
            "role": budget.role,
            "team": budget.team,
            "model_name": budget.model_name,
            "amount": str(amount),
            "currency": budget.currency,
            "status": budget.status,
        }
        for budget, amount in zip(BUDGETS, amounts(costs), strict=True)
    ]

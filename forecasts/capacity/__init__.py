"""Capacity in money: how many GPUs to reserve, what rides on top of them, and at what risk.

`situations` reads frames, `past_plans` replays cutoffs, `plan_all` plans; `what_if` changes demand.
"""

from forecasts.capacity.inputs import rules_of, situations
from forecasts.capacity.past import past_cutoffs, past_forecasts, past_plans
from forecasts.capacity.situation import Situation, plans_of
from forecasts.capacity.tables import CapacityPlan, plan_all

__all__ = [
    "CapacityPlan",
    "Situation",
    "past_cutoffs",
    "past_forecasts",
    "past_plans",
    "plan_all",
    "plans_of",
    "rules_of",
    "situations",
]

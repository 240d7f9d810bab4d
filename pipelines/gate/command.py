"""`valueops gate`: look up, estimate, judge, waive, answer."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from pipelines.gate.answer import Answer, as_data, as_markdown
from pipelines.gate.estimate import estimate
from pipelines.gate.facts import read_facts
from pipelines.gate.rules import judge
from pipelines.gate.waivers import read_waivers, waived


@dataclass(frozen=True)
class GateRequest:
    """A deploy to be judged.

    Attributes:
        model: Model name, in any case.
        version: Version to deploy, in any case.
        against: Version to compare with; the one before when None.
        expected_requests: Calls in the month to come; as many as now when None.
        role: Only budgets of this role; of every role when None.
        waivers: A file of waivers, or None.
    """

    model: str
    version: str
    against: str | None = None
    expected_requests: int | None = None
    role: str | None = None
    waivers: Path | None = None


def gate(warehouse: Path, request: GateRequest, style: str, out: TextIO) -> int:
    """Judge a deploy and say why.

    Args:
        warehouse: The published warehouse.
        request: The deploy.
        style: `md` or `json`.
        out: Where to write.

    Returns:
        0 pass, 3 a rule is broken, 4 there is nothing to judge by.

    Raises:
        UserError: An unknown name, or a waiver that cannot be read.
        WarehouseUnreadableError: There is no warehouse to ask.
    """
    waivers = read_waivers(request.waivers) if request.waivers else []
    facts = read_facts(warehouse, request.model, request.version, request.against, request.role)
    cost = None
    if facts.version is not None:
        cost = estimate(facts.version, facts.against, request.expected_requests)
    today = datetime.now(UTC).date()
    findings = waived(judge(facts, cost), waivers, facts.model, facts.name, today)
    answer = Answer(facts, cost, findings)
    if style == "json":
        json.dump(as_data(answer), out, indent=2, ensure_ascii=False)
        out.write("\n")
    else:
        out.write(as_markdown(answer))
    return answer.exit_code

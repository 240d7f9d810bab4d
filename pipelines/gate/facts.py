"""What the published warehouse knows about a deploy; every figure is a mart's."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import duckdb

from pipelines.errors import UserError
from pipelines.query import open_warehouse

_QUERIES = Path(__file__).parents[1] / "queries" / "gate"
_NEAREST = 3

_Row = TypeVar("_Row")


@dataclass(frozen=True)
class Version:
    """A row of `fct_version_run_rates`; see its page for units and rules."""

    model_name: str
    model_version: str
    hosting: str
    version_before: str | None
    last_day: date | None
    served_days: int
    requests: int
    model_requests: int
    total_tokens: int
    input_tokens: int
    output_tokens: int
    cache_read_tokens: int
    cache_creation_tokens: int
    peak_tokens_per_second: Decimal | None
    direct_cost_usd: Decimal
    cost_per_request_usd: Decimal | None
    cost_per_mtok_usd: Decimal | None
    token_provider: str | None
    input_per_mtok_usd: Decimal | None
    output_per_mtok_usd: Decimal | None
    cache_read_per_mtok_usd: Decimal | None
    cache_creation_per_mtok_usd: Decimal | None
    accelerator: str
    gpu_provider: str | None
    gpu_per_hour_usd: Decimal | None
    tokens_per_second: Decimal | None
    throughput_source: str | None
    quality: Decimal | None
    evaluated_on: date | None
    quality_metric: str
    quality_floor: Decimal
    cost_spike_ratio: Decimal
    as_of_date: date


@dataclass(frozen=True)
class Change:
    """What the version did to the one before it: the figures of `fct_version_changes`.

    Attributes:
        excess_per_day_usd: Cost per day that more calls do not explain.
    """

    basis: str
    cost_per_request_ratio: Decimal | None
    cost_per_mtok_ratio: Decimal | None
    is_cost_spike: bool
    is_justified: bool | None
    excess_per_day_usd: Decimal


@dataclass(frozen=True)
class Verdict:
    """A row of `fct_model_verdicts`."""

    verdict: str
    reasons: str
    dollars_at_stake: Decimal
    next_step: str


@dataclass(frozen=True)
class Budget:
    """A budget under way, and what this model took from it.

    Attributes:
        left_usd: Amount less actual; negative when it is exceeded, None without a rate.
    """

    role: str
    team: str
    model_name: str
    period_start: date
    period_end: date
    amount_usd: Decimal | None
    actual_usd: Decimal
    projected_usd: Decimal
    left_usd: Decimal | None
    status: str | None
    spent_by_model_usd: Decimal


@dataclass(frozen=True)
class Facts:
    """All there is to judge a deploy by.

    Attributes:
        model: Model name, lower case.
        name: Version, lower case.
        version: The version; None where the warehouse has never heard of it.
        against: What it is compared with; None for a model's first version.
        known_versions: Every version of the model.
    """

    model: str
    name: str
    version: Version | None
    against: Version | None
    change: Change | None
    verdict: Verdict | None
    budgets: tuple[Budget, ...]
    known_versions: tuple[str, ...]


def read_facts(
    warehouse: Path, model: str, version: str, against: str | None, role: str | None
) -> Facts:
    """Look up a deploy in the published warehouse.

    Args:
        warehouse: The published warehouse.
        model: Model name, in any case.
        version: Version to deploy, in any case.
        against: Version to compare with; the registered parent, else the one before, when None.
        role: Only budgets of this role; of every role when None.

    Returns:
        The facts; `version` is None for one that was never registered, called or billed.

    Raises:
        UserError: The model, `against` or the role is unknown; the nearest names are named. Or
            the warehouse was published before there was a gate.
        WarehouseUnreadableError: There is no warehouse to ask.
    """
    model, version = _key(model), _key(version)
    with open_warehouse(warehouse) as connection:
        try:
            return _read(connection, model, version, against and _key(against), role and _key(role))
        except duckdb.CatalogException as error:
            raise UserError(
                f"{warehouse} was published by an older valueops; make it anew with: "
                "valueops refresh --full"
            ) from error


def _read(
    connection: duckdb.DuckDBPyConnection,
    model: str,
    name: str,
    against: str | None,
    role: str | None,
) -> Facts:
    versions = {
        row.model_version: row for row in _rows(connection, "versions", Version, model=model)
    }
    if not versions:
        known = [row[0] for row in _all(connection, "names")]
        raise UserError(f"no model {model}; {nearest(model, known)}")
    if role is not None:
        roles = [row[0] for row in _all(connection, "roles")]
        if role not in roles:
            raise UserError(f"no budget names role {role}; {nearest(role, roles)}")
    if against is not None and against not in versions:
        raise UserError(f"{model} has no version {against}; {nearest(against, list(versions))}")
    if against == name:
        raise UserError(f"--against {against} is the version itself; name another one")
    version = versions.get(name)
    before = against or (version.version_before if version else None)
    change = verdict = None
    if version is not None:
        verdict = _one(connection, "verdict", Verdict, model=model, version=name)
    if version is not None and before is not None:
        change = _one(connection, "change", Change, model=model, version=name, against=before)
    return Facts(
        model=model,
        name=name,
        version=version,
        against=versions[before] if before else None,
        change=change,
        verdict=verdict,
        budgets=tuple(_rows(connection, "budgets", Budget, model=model, role=role)),
        known_versions=tuple(versions),
    )


def nearest(name: str, known: Sequence[str]) -> str:
    """Names that may have been meant, as the end of a message."""
    if not known:
        return "the warehouse knows none"
    close = difflib.get_close_matches(name, known, n=_NEAREST, cutoff=0.4)
    return f"nearest: {', '.join(close or sorted(known)[:_NEAREST])}"


def _key(name: str) -> str:
    """Names join in lower case, trimmed."""
    return name.strip().lower()


def _all(connection: duckdb.DuckDBPyConnection, question: str) -> list[tuple[Any, ...]]:
    return connection.execute(_sql(question)).fetchall()


def _one(
    connection: duckdb.DuckDBPyConnection, question: str, kind: type[_Row], **asked: str | None
) -> _Row | None:
    return next(iter(_rows(connection, question, kind, **asked)), None)


def _rows(
    connection: duckdb.DuckDBPyConnection, question: str, kind: type[_Row], **asked: str | None
) -> list[_Row]:
    """The answer, as rows of a dataclass; columns that it does not hold are left out."""
    cursor = connection.execute(_sql(question), asked)
    columns = [column[0] for column in cursor.description or ()]
    wanted = [field.name for field in fields(kind)]  # pyright: ignore[reportArgumentType]
    places = [columns.index(name) for name in wanted]
    return [kind(*(row[place] for place in places)) for row in cursor.fetchall()]


def _sql(question: str) -> str:
    return (_QUERIES / f"{question}.sql").read_text(encoding="utf-8")

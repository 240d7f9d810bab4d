"""A contract judged row by row in plain Python: the second implementation tests compare with.

It shares nothing with the product but the contracts' own words: no Arrow, no columns, one value at
a time.
"""

import datetime as dt
import decimal
import math
import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ingestion.contracts.model import Column, Contract

_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_MOMENT = re.compile(
    r"(\d{4}-\d{2}-\d{2})(?:[T ](\d{2})(?::(\d{2})(?::(\d{2})(?:[.,](\d+))?)?)?"
    r"\s*(Z|UTC|[+-]\d{2}(?::?\d{2})?)?)?",
    re.ASCII | re.IGNORECASE,
)
_NAMES = {"date": "an ISO 8601 date", "timestamp": "an ISO 8601 timestamp"}


class BadValueError(Exception):
    """A value that its column does not take, with the reason as its only argument."""


@dataclass
class Verdict:
    """What becomes of one row.

    Attributes:
        values: The row as the lake holds it, by lake column name.
        failures: (published column name, text, reason), first column of the contract first.
    """

    values: dict[str, Any] = field(default_factory=dict)
    failures: list[tuple[str, str | None, str]] = field(default_factory=list)

    @property
    def quarantine(self) -> tuple[str, str | None, str]:
        """Column, value and reason of the row's one quarantine entry."""
        (name, value, reason), *others = self.failures
        also = "".join(f"; also {name}: {reason}" for name, _, reason in others)
        return name, value, reason + also


def judge(contract: Contract, row: dict[str, str]) -> Verdict:
    """Judge one row of texts.

    Args:
        contract: The contract.
        row: Texts by published column name; a column that is absent is absent for all rows.

    Returns:
        The verdict.
    """
    verdict = Verdict()
    values: dict[str, Any] = {}
    for column in contract.columns:
        text = _stripped(row.get(column.published))
        value = None
        try:
            if text is not None and text not in column.null_words:
                value = _cast(column, text)
                values[column.published] = value
                _check(column, value)
            elif column.required:
                raise BadValueError("is missing")
        except BadValueError as error:
            verdict.failures.append((column.published, text, str(error)))
        verdict.values[column.name] = value
        for lower, upper in contract.not_above:
            if column.published in (lower, upper):
                _compare(contract, lower, upper, values, row, verdict)
    for start, end, days in contract.within_days:
        if start in values and end in values and (values[end] - values[start]).days > days:
            reason = f"is more than {days:,} days after {start}"
            verdict.failures.append((end, _stripped(row.get(end)), reason))
    order = [column.published for column in contract.columns]
    verdict.failures.sort(key=lambda failure: order.index(failure[0]))
    return verdict


def _stripped(text: str | None) -> str | None:
    return (text or "").strip() or None


def _compare(contract, lower, upper, values, row, verdict: Verdict) -> None:
    entry = (lower, _stripped(row.get(lower)), f"is above {upper}")
    both = lower in values and upper in values
    if both and values[lower] > values[upper] and entry not in verdict.failures:
        verdict.failures.append(entry)


def _cast(column: Column, text: str) -> Any:
    if column.kind in ("text", "json"):
        return text.lower() if column.choices else text
    if column.kind in ("timestamp", "date"):
        moment = _moment(text)
        if moment is None:
            raise BadValueError(f"is not {_NAMES[column.kind]}")
        return moment.date() if column.kind == "date" else moment
    if not _NUMBER.fullmatch(text):
        raise BadValueError("is not a number")
    return {"decimal": _money, "bigint": _whole, "double": _double}[column.kind](text)


def _money(text: str) -> Decimal:
    with decimal.localcontext() as context:
        context.prec = 2000
        value = Decimal(text).quantize(Decimal("1e-12"), decimal.ROUND_HALF_EVEN)
    if abs(value) >= 10**12:
        raise BadValueError("has more than 12 digits before the decimal point")
    return value


def _whole(text: str) -> int:
    number = Decimal(text)
    if not -(2**63) <= number < 2**63:
        raise BadValueError("is too large for a whole number")
    if number % 1:
        raise BadValueError("is not a whole number")
    return int(number)


def _double(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise BadValueError("is too large for a double")
    return value


def _moment(text: str) -> dt.datetime | None:
    """A timestamp as naive UTC, None for what is none."""
    match = _MOMENT.fullmatch(text)
    if match is None:
        return None
    day, hour, minute, second, fraction, zone = match.groups()
    micro = int(f"{fraction or '0':0<6}"[:6])
    try:
        moment = dt.datetime.fromisoformat(day).replace(
            hour=int(hour or 0), minute=int(minute or 0), second=int(second or 0), microsecond=micro
        )
        if zone is None or zone.upper() in ("Z", "UTC"):
            return moment
        hours, minutes = int(zone[1:3]), int(zone[3:].lstrip(":") or 0)
        if hours > 23 or minutes > 59:
            return None
        offset = dt.timedelta(hours=hours, minutes=minutes)
        return moment + offset if zone[0] == "-" else moment - offset
    except (ValueError, OverflowError):
        return None


def _check(column: Column, value: Any) -> None:
    if column.choices and value not in column.choices:
        raise BadValueError(f"is not one of {', '.join(column.choices)}")
    if column.minimum is not None and value < column.minimum:
        raise BadValueError(f"is below {column.minimum:g}")
    if column.above is not None and value <= column.above:
        raise BadValueError(f"is not above {column.above:g}")
    if column.maximum is not None and value > column.maximum:
        raise BadValueError(f"is above {column.maximum:g}")

"""What a version will cost next month: from its own calls, else from price lists.

Plain functions on the facts: nothing is read here.
"""

import calendar
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_HALF_EVEN, Decimal
from enum import StrEnum

from pipelines.gate.facts import Version

_DIGITS = Decimal(1).scaleb(-12)
_MILLION = Decimal(1_000_000)
_HOURS = 24
# From this share of its model's calls a version has taken over; below, it is on trial. Below the
# other one its GPUs are too empty for the cost of a call to say anything about more calls.
_TAKEN_OVER = Decimal("0.5")
_TELLING = Decimal("0.1")


class Basis(StrEnum):
    """What an estimate rests on."""

    BILLED = "billed"
    CANARY = "canary"
    TOKEN_PRICES = "token_prices"  # noqa: S105
    GPU_PRICES = "gpu_prices"
    AS_IT_RUNS = "as_it_runs"


@dataclass(frozen=True)
class Estimate:
    """What a version will cost in one month.

    Attributes:
        month: Its first day.
        basis: What the estimate rests on.
        method: The same in words, with the figures used.
        requests: Calls it is made for; None where they do not enter.
        cost_usd: Direct cost of the month, USD.
        cost_per_request_usd: Of one call; None without calls.
        compared_usd: What the version compared with would cost for the same calls, by the same
            kind of figure where there is one; None where nothing says.
    """

    month: date
    basis: Basis
    method: str
    requests: int | None
    cost_usd: Decimal
    cost_per_request_usd: Decimal | None
    compared_usd: Decimal | None


def estimate(version: Version, against: Version | None, expected: int | None) -> Estimate | None:
    """Say what a version will cost in the month after the as-of day's.

    From its own calls where it had any: cost of a call x calls; on GPUs of its own that hardly
    served a tenth of the model's calls: its tokens of a call on as many GPUs as the peak needs, at
    least what they cost now. Else from the registry and the price lists, with the tokens of a call,
    the peak and the calls of the version compared with. Else, where it runs without a call: what
    it costs per day.

    Args:
        version: The version to deploy.
        against: The version compared with.
        expected: Calls in the month; what it served, or is to take over, when None.

    Returns:
        The estimate, or None where there is no basis for one.
    """
    month, days = _next_month(version.as_of_date)
    found = None
    if version.requests > 0:
        if against is not None and _is_hardly_used(version) and version.token_provider is None:
            found = _from_gpu_prices(version, against, expected, month, days)
        return found or _from_calls(version, against, expected, month, days)
    if against is not None and against.requests > 0:
        found = _from_token_prices(version, against, expected, month, days)
        found = found or _from_gpu_prices(version, against, expected, month, days)
    return found or _from_its_days(version, month, days)


def _from_calls(
    version: Version, against: Version | None, expected: int | None, month: date, days: int
) -> Estimate:
    has_taken_over = version.requests >= _TAKEN_OVER * version.model_requests
    served = version.requests if has_taken_over else version.model_requests
    calls = expected if expected is not None else _per_month(served, version.served_days, days)
    each = version.cost_per_request_usd or Decimal(0)
    basis = Basis.BILLED if has_taken_over else Basis.CANARY
    own = "its own calls" if has_taken_over else f"its {version.requests:,} calls on trial"
    return Estimate(
        month=month,
        basis=basis,
        method=f"cost of {own} of {version.served_days} days to {version.last_day}, "
        f"times {calls:,} calls",
        requests=calls,
        cost_usd=_money(each * calls),
        cost_per_request_usd=each,
        compared_usd=_billed(against, calls),
    )


def _from_token_prices(
    version: Version, against: Version, expected: int | None, month: date, days: int
) -> Estimate | None:
    each = _list_cost(version, against)
    if each is None:
        return None
    calls = _calls(against, expected, days)
    like = _list_cost(against, against)
    return Estimate(
        month=month,
        basis=Basis.TOKEN_PRICES,
        method=f"list prices of {version.token_provider} times the tokens of a call of "
        f"{against.model_version}, times {calls:,} calls",
        requests=calls,
        cost_usd=_money(each * calls),
        cost_per_request_usd=_money(each),
        compared_usd=_billed(against, calls) if like is None else _money(like * calls),
    )


def _from_gpu_prices(
    version: Version, against: Version, expected: int | None, month: date, days: int
) -> Estimate | None:
    price, speed, peak = (
        version.gpu_per_hour_usd,
        version.tokens_per_second,
        against.peak_tokens_per_second,
    )
    if price is None or not speed or peak is None:
        return None
    calls = _calls(against, expected, days)
    usual = _per_month(against.requests, against.served_days, days)
    peak_then = peak * calls / usual if usual else peak
    if version.requests and against.total_tokens:
        of_a_call = Decimal(version.total_tokens) / version.requests
        peak_then = peak_then * of_a_call * against.requests / against.total_tokens
    gpus = max(1, int((peak_then / speed).to_integral_value(ROUND_CEILING)))
    now = _per_day(version) * days
    cost = _money(max(price * gpus * _HOURS * days, now))
    on_trial = f"; its {version.requests:,} calls on trial give the tokens of a call"
    return Estimate(
        month=month,
        basis=Basis.CANARY if version.requests else Basis.GPU_PRICES,
        method=f"{gpus} {version.accelerator} all month at {price.normalize():f} USD an hour "
        f"({version.gpu_provider}): peak of {peak_then:,.0f} tokens a second, one GPU keeps up "
        f"{speed:,.0f} ({version.throughput_source}), {calls:,} calls"
        + (on_trial if version.requests else "")
        + (", and it costs as much already" if cost == _money(now) else ""),
        requests=calls,
        cost_usd=cost,
        cost_per_request_usd=_money(cost / calls) if calls else None,
        compared_usd=_billed(against, calls),
    )


def _from_its_days(version: Version, month: date, days: int) -> Estimate | None:
    if not version.served_days:
        return None
    return Estimate(
        month=month,
        basis=Basis.AS_IT_RUNS,
        method=f"as it runs now, without a call: {version.served_days} days to {version.last_day}",
        requests=None,
        cost_usd=_money(_per_day(version) * days),
        cost_per_request_usd=None,
        compared_usd=None,
    )


def _is_hardly_used(version: Version) -> bool:
    return version.requests < _TELLING * version.model_requests


def _per_day(version: Version) -> Decimal:
    """Direct cost of a day on which it served, USD."""
    return version.direct_cost_usd / version.served_days if version.served_days else Decimal(0)


def _list_cost(version: Version, mix: Version) -> Decimal | None:
    """A call of `mix` at the list prices of `version`, USD; None without a price."""
    prices = (
        version.input_per_mtok_usd,
        version.output_per_mtok_usd,
        version.cache_read_per_mtok_usd,
        version.cache_creation_per_mtok_usd,
    )
    tokens = (mix.input_tokens, mix.output_tokens, mix.cache_read_tokens, mix.cache_creation_tokens)
    if any(price is None for price in prices) or not mix.requests:
        return None
    total = sum((p * t for p, t in zip(prices, tokens, strict=True) if p is not None), Decimal(0))
    return total / _MILLION / mix.requests


def _calls(against: Version, expected: int | None, days: int) -> int:
    if expected is not None:
        return expected
    return _per_month(against.requests, against.served_days, days)


def _billed(against: Version | None, calls: int) -> Decimal | None:
    if against is None or against.cost_per_request_usd is None:
        return None
    return _money(against.cost_per_request_usd * calls)


def _per_month(count: int, days_seen: int, days: int) -> int:
    return round(Decimal(count) * days / days_seen) if days_seen else 0


def _money(amount: Decimal) -> Decimal:
    return amount.quantize(_DIGITS, ROUND_HALF_EVEN)


def _next_month(day: date) -> tuple[date, int]:
    """First day and length of the month after that of a day."""
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    return date(year, month, 1), calendar.monthrange(year, month)[1]

"""Facts of the gate, made by hand."""

from datetime import date
from decimal import Decimal
from typing import Any

from pipelines.gate.facts import Budget, Change, Facts, Verdict, Version

AS_OF = date(2026, 6, 20)  # next month is July: 31 days


def version(name: str = "v2", **known: Any) -> Version:
    """A version that nothing is known of but what is given; money as text."""
    nothing: dict[str, Any] = {
        "model_name": "chat",
        "model_version": name,
        "hosting": "api",
        "version_before": None,
        "last_day": AS_OF,
        "served_days": 0,
        "requests": 0,
        "model_requests": 0,
        "total_tokens": 0,
        "input_tokens": 0,
        "output_tokens": 0,
        "cache_read_tokens": 0,
        "cache_creation_tokens": 0,
        "peak_tokens_per_second": None,
        "direct_cost_usd": Decimal(0),
        "cost_per_request_usd": None,
        "cost_per_mtok_usd": None,
        "token_provider": None,
        "input_per_mtok_usd": None,
        "output_per_mtok_usd": None,
        "cache_read_per_mtok_usd": None,
        "cache_creation_per_mtok_usd": None,
        "accelerator": "unattributed",
        "gpu_provider": None,
        "gpu_per_hour_usd": None,
        "tokens_per_second": None,
        "throughput_source": None,
        "quality": None,
        "evaluated_on": None,
        "quality_metric": "accuracy",
        "quality_floor": Decimal("0.7"),
        "cost_spike_ratio": Decimal("1.25"),
        "as_of_date": AS_OF,
    }
    return Version(**nothing | {name: _exact(value) for name, value in known.items()})


def priced(name: str = "v2", each: str = "1", **known: Any) -> Version:
    """A version on a price list: so many USD for a million tokens of every kind."""
    kinds = ("input", "output", "cache_read", "cache_creation")
    prices = {f"{kind}_per_mtok_usd": each for kind in kinds}
    return version(name, **prices | {"token_provider": "openai"} | known)


def change(**known: Any) -> Change:
    """A change that costs twice as much for no more value."""
    usual: dict[str, Any] = {
        "basis": "before_after",
        "cost_per_request_ratio": "2",
        "cost_per_mtok_ratio": "1",
        "is_cost_spike": True,
        "is_justified": False,
        "excess_per_day_usd": "10",
    }
    return Change(**{name: _exact(value) for name, value in (usual | known).items()})


def budget(**known: Any) -> Budget:
    """A budget of 100 USD of which 60 are spent."""
    usual: dict[str, Any] = {
        "role": "head",
        "team": "unattributed",
        "model_name": "chat",
        "period_start": date(2026, 6, 1),
        "period_end": date(2026, 6, 30),
        "amount_usd": "100",
        "actual_usd": "60",
        "projected_usd": "90",
        "left_usd": "40",
        "status": "ok",
        "spent_by_model_usd": "60",
    }
    return Budget(**{name: _exact(value) for name, value in (usual | known).items()})


def facts(**known: Any) -> Facts:
    """Facts about chat v2 against v1."""
    usual: dict[str, Any] = {
        "model": "chat",
        "name": "v2",
        "version": version("v2"),
        "against": version("v1"),
        "change": None,
        "verdict": None,
        "budgets": (),
        "known_versions": ("v1", "v2"),
    }
    return Facts(**usual | known)


def verdict(kind: str) -> Verdict:
    """A verdict with 7 USD at stake."""
    return Verdict(kind, "cost after sunset", Decimal(7), "shut it down")


def _exact(value: Any) -> Any:
    """Text that is a number is a decimal."""
    if isinstance(value, str) and value.replace(".", "", 1).isdigit():
        return Decimal(value)
    return value

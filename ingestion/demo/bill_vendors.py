"""The vendors' bills: tokens of the log times the price of the day, to the last digit.

And two platforms that every model shares, one of them billed in euros.
"""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from ingestion.demo.calendar import Calendar
from ingestion.demo.charges import charge_rows
from ingestion.demo.currency import EURO, euro_rates
from ingestion.demo.money import to_units
from ingestion.demo.prices import token_price

OPENAI_ACCOUNT = "demo-org-7d1f"
ANTHROPIC_ACCOUNT = "demo-wrkspc-01"
LANGCHAIN_ACCOUNT = "demo-langchain-plus"
QDRANT_ACCOUNT = "demo-qdrant-eu"
_LANGCHAIN_USD_PER_DAY = "58.40"
_QDRANT_EUR_PER_HOUR = "2.35"
# What the OpenAI-like bill calls the token types that it lists apart.
OPENAI_METERS = {
    "input": "input tokens",
    "cache_read": "cached input tokens",
    "output": "output tokens",
}
BILLED_KINDS = ("input", "cache_read", "cache_creation", "output")


def billable(tokens: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Tokens by the price that they pay: input is what neither came from nor went to the cache."""
    cached = tokens["cache_read"] + tokens["cache_creation"]
    return {kind: tokens[kind] for kind in BILLED_KINDS} | {"input": tokens["input"] - cached}


def daily_prices(calendar: Calendar, model: str, kind: str) -> np.ndarray:
    """Money units per token of a provider model and kind, one per day of the window."""
    days = range(calendar.days)
    return np.array([token_price(calendar, model, day).units_per_token(kind) for day in days])


def billed_units(calendar: Calendar, model: str, tokens: Mapping[str, np.ndarray]) -> np.ndarray:
    """Money units per day of these tokens of a provider model, all kinds together, int64."""
    counts = billable(tokens)
    cost = [counts[kind] * daily_prices(calendar, model, kind) for kind in BILLED_KINDS]
    return np.sum(cost, axis=0)


def vendor_charges(
    calendar: Calendar, tokens: Mapping[str, Mapping[str, np.ndarray]], seed: int
) -> list[pa.Table]:
    """Every vendor's charges, one table each.

    Args:
        calendar: The window.
        tokens: Totals per day by kind, for each provider model.
        seed: Any non-negative number.

    Returns:
        OpenAI-like (a row per day, model and token type), Anthropic-like (a row per day and model),
        LangChain-like (a row per day) and Qdrant-like (a row per hour, in euros).
    """
    claude = [m for m in ("claude-sonnet-4", "claude-haiku-4-5") if m in tokens]
    anthropic = [_anthropic(calendar, model, tokens[model]) for model in claude]
    return [
        _openai(calendar, "gpt-4o", tokens["gpt-4o"]),
        pa.concat_tables(anthropic).sort_by("start"),
        _langchain(calendar),
        _qdrant(calendar, seed),
    ]


def _langchain(calendar: Calendar) -> pa.Table:
    return charge_rows(
        calendar.midnights(0, calendar.days), 24, to_units(_LANGCHAIN_USD_PER_DAY), unit="Traces",
        description="LangGraph Platform deployment and traces", sku="LANGGRAPH-PLUS",
        service="LangGraph Platform", service_category="AI and Machine Learning", region=None,
        tags={"cost_component": "orchestration", "environment": "production"},
        provider="LangChain", account=LANGCHAIN_ACCOUNT,
    )  # fmt: skip


def _qdrant(calendar: Calendar, seed: int) -> pa.Table:
    price = to_units(_QDRANT_EUR_PER_HOUR)
    rates = np.repeat(euro_rates(calendar, seed), 24)
    return charge_rows(
        calendar.hours(0, calendar.days), 1, price, unit_price=price, unit="Hours", rate=rates,
        description="Managed cluster, 3 nodes", sku="QDRANT-CLUSTER", currency=EURO,
        resource_id="qdrant-cluster-eu-01", service="Qdrant Cloud", service_category="Databases",
        region="eu-central-1", provider="Qdrant", account=QDRANT_ACCOUNT,
        tags={"cost_component": "vector_database", "environment": "production", "team": "search"},
    )  # fmt: skip


def _openai(calendar: Calendar, model: str, tokens: Mapping[str, np.ndarray]) -> pa.Table:
    counts = billable(tokens)
    blocks = []
    for kind, words in OPENAI_METERS.items():
        price = daily_prices(calendar, model, kind)
        blocks.append(
            charge_rows(
                calendar.midnights(0, calendar.days), 24, counts[kind] * price,
                unit_price=price, quantity_milli=counts[kind] * 1000, unit="Tokens",
                description=f"{model} {words}", sku=f"{model}-{kind}", sku_meter=f"{model} {words}",
                service="OpenAI API", service_category="AI and Machine Learning", region=None,
                provider="OpenAI", account=OPENAI_ACCOUNT,
            )
        )  # fmt: skip
    return pa.concat_tables(blocks).sort_by("start")


def _anthropic(calendar: Calendar, model: str, tokens: Mapping[str, np.ndarray]) -> pa.Table:
    total = tokens["input"] + tokens["output"]
    return charge_rows(
        calendar.midnights(0, calendar.days), 24, billed_units(calendar, model, tokens),
        quantity_milli=total * 1000, unit="Tokens", description=f"{model} usage",
        sku=model, resource_name=model, service="Claude API", region=None,
        service_category="AI and Machine Learning",
        provider="Anthropic", account=ANTHROPIC_ACCOUNT,
    )  # fmt: skip

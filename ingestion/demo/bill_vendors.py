"""The bills of the two vendors: tokens of the log times the price of the day, to the last digit."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from ingestion.demo.calendar import Calendar
from ingestion.demo.charges import charge_rows
from ingestion.demo.prices import token_price

OPENAI_ACCOUNT = "demo-org-7d1f"
ANTHROPIC_ACCOUNT = "demo-wrkspc-01"
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
    calendar: Calendar, tokens: Mapping[str, Mapping[str, np.ndarray]]
) -> list[pa.Table]:
    """The OpenAI-like bill (a row per day and token type) and the Anthropic-like (a row per day).

    Args:
        calendar: The window.
        tokens: Totals per day by kind, for each provider model.
    """
    return [
        _openai(calendar, "gpt-4o", tokens["gpt-4o"]),
        _anthropic(calendar, "claude-sonnet-4", tokens["claude-sonnet-4"]),
    ]


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

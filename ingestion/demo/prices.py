"""Price lists of the demo company: vendor tokens, and GPU hours with throughput.

Token prices are near public list prices of early 2026 (pydantic/genai-prices, MIT); GPU prices near
those of clouds (the-full-stack/website, MIT). The gpt-4o change inside the window is invented, so
that a rate effect can be seen.
"""

from dataclasses import dataclass
from decimal import Decimal

import pyarrow as pa

from ingestion.demo.calendar import Calendar
from ingestion.demo.money import UNITS_PER_USD

H100 = "NVIDIA-H100-80GB-HBM3"
A100 = "NVIDIA-A100-SXM4-80GB"
L40S = "NVIDIA-L40S"
A10G = "NVIDIA-A10G"
CPU = "CPU"

# Before the first day of the longest window: no call is without a price.
_EARLIER = "2023-01-01T00:00:00Z"


@dataclass(frozen=True)
class TokenPrice:
    """USD per million tokens, as decimal text; None where the vendor has no such price.

    Args:
        provider: Vendor, as the price list spells it.
        model: Provider model.
        input: Uncached input tokens.
        output: Output tokens.
        cache_read: Input tokens read from the cache.
        cache_creation: Input tokens written to the cache.
    """

    provider: str
    model: str
    input: str
    output: str
    cache_read: str
    cache_creation: str | None

    def units_per_token(self, kind: str) -> int:
        """Price of one token of a kind in money units (`money.UNITS_PER_USD` make a dollar).

        Args:
            kind: `input`, `output`, `cache_read` or `cache_creation`.

        Raises:
            ValueError: The price is finer than a money unit.
        """
        units = Decimal(getattr(self, kind) or "0") * UNITS_PER_USD / 1_000_000
        if units != int(units):
            raise ValueError(f"{self.model} {kind} is finer than a money unit")
        return int(units)


BASE = (
    TokenPrice("openai", "gpt-4o", "2.50", "10.00", "1.25", None),
    TokenPrice("azure-openai", "gpt-4.1", "2.00", "8.00", "0.50", None),
    TokenPrice("openai", "gpt-4o-mini", "0.15", "0.60", "0.075", None),
    TokenPrice("anthropic", "claude-sonnet-4", "3.00", "15.00", "0.30", "3.75"),
    TokenPrice("anthropic", "claude-haiku-4-5", "1.00", "5.00", "0.10", "1.25"),
)
CHANGED = TokenPrice("openai", "gpt-4o", "2.75", "11.00", "1.375", None)
# A price that really changed, and when (pydantic/genai-prices, MIT): nobody here calls it.
HISTORY = (
    ("2025-04-16T00:00:00Z", TokenPrice("openai", "o3", "10.00", "40.00", "2.50", None)),
    ("2025-06-10T00:00:00Z", TokenPrice("openai", "o3", "2.00", "8.00", "0.50", None)),
)
# What the list first said of a price that a later list puts right, from the same day on.
MISPRINTED = TokenPrice("anthropic", "claude-haiku-4-5", "0.80", "4.00", "0.08", "1.00")


def token_price(calendar: Calendar, model: str, day: int) -> TokenPrice:
    """The price of a provider model as of a day offset.

    Raises:
        KeyError: The model has no price.
    """
    if model == CHANGED.model and day >= calendar.price_change:
        return CHANGED
    return {price.model: price for price in BASE}[model]


@dataclass(frozen=True)
class GpuPrice:
    """USD per GPU-hour, as decimal text, and sustained throughput.

    Args:
        accelerator: As the telemetry spells it.
        model_name: The model that the throughput is of; None = any.
        on_demand: Calendar hours.
        reserved_1y: Effective hour of a one-year commitment.
        spot: Interruptible hours.
        tokens_per_second: Input and output tokens together.
        spot_interruptions: Per hour and GPU.
    """

    accelerator: str
    model_name: str | None
    on_demand: str
    reserved_1y: str
    spot: str
    tokens_per_second: int
    spot_interruptions: str


GPU_PRICES = (
    GpuPrice(H100, None, "3.93", "2.55", "1.77", 2400, "0.02"),
    GpuPrice(H100, "chat-assistant", "3.93", "2.55", "1.77", 2600, "0.02"),
    GpuPrice(H100, "embedder", "3.93", "2.55", "1.77", 60_000, "0.02"),
    GpuPrice(A100, None, "2.74", "1.81", "1.10", 1300, "0.01"),
    GpuPrice(A100, "search-ranker", "2.74", "1.81", "1.10", 9000, "0.01"),
    GpuPrice(A100, "recommender", "2.74", "1.81", "1.10", 12_000, "0.01"),
    GpuPrice(A100, "embedder", "2.74", "1.81", "1.10", 32_000, "0.01"),
    GpuPrice(L40S, None, "1.5625", "1.02", "0.62", 700, "0.008"),
    # Four carry the peak of its calls: above 4,350 and at most 5,800 tokens a second.
    GpuPrice(L40S, "ticket-triage", "1.5625", "1.02", "0.62", 1450, "0.008"),
    GpuPrice(A10G, None, "1.006", "0.64", "0.40", 450, "0.005"),
    GpuPrice(A10G, "query-tagger", "1.006", "0.64", "0.40", 4000, "0.005"),
    GpuPrice(CPU, None, "4.284", "2.83", "1.71", 60, "0.005"),
    GpuPrice(CPU, "embedder", "4.284", "2.83", "1.71", 3500, "0.005"),
)


def on_demand(accelerator: str) -> Decimal:
    """On-demand USD per GPU-hour of an accelerator."""
    return Decimal({price.accelerator: price.on_demand for price in GPU_PRICES}[accelerator])


def throughput(accelerator: str, model_name: str) -> int:
    """Sustained tokens per second and GPU of a model on an accelerator."""
    return next(
        price.tokens_per_second
        for price in GPU_PRICES
        if (price.accelerator, price.model_name) == (accelerator, model_name)
    )


def token_price_tables(calendar: Calendar) -> dict[str, pa.Table]:
    """`prices/prices-*.csv` by name, as text: the list, and the one that puts it right."""
    base = [(_EARLIER, MISPRINTED if price.model == MISPRINTED.model else price) for price in BASE]
    corrected = [(_EARLIER, price) for price in BASE if price.model == MISPRINTED.model]
    if calendar.price_change < calendar.days:
        corrected.append((f"{calendar.day(calendar.price_change)}T00:00:00Z", CHANGED))
    return {
        "prices-2026-01.csv": _token_price_table([*base, *HISTORY]),
        "prices-2026-06.csv": _token_price_table(corrected),
    }


def _token_price_table(rows: list[tuple[str, TokenPrice]]) -> pa.Table:
    return pa.Table.from_pylist(
        [
            {
                "effective_from": effective_from,
                "provider": price.provider,
                "provider_model": price.model,
                "input_per_mtok": price.input,
                "output_per_mtok": price.output,
                "cache_read_per_mtok": price.cache_read,
                "cache_creation_per_mtok": price.cache_creation,
            }
            for effective_from, price in rows
        ]
    )


def gpu_price_table() -> pa.Table:
    """`prices/gpu_prices.csv`, as text."""
    return pa.Table.from_pylist(
        [
            {
                "effective_from": _EARLIER,
                "provider": "aws",
                "accelerator": price.accelerator,
                "model_name": price.model_name,
                "on_demand_per_hour": price.on_demand,
                "reserved_1y_per_hour": price.reserved_1y,
                "spot_per_hour": price.spot,
                "tokens_per_second": str(price.tokens_per_second),
                "spot_interruptions_per_hour": price.spot_interruptions,
            }
            for price in GPU_PRICES
        ]
    )

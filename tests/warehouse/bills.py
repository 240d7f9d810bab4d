"""Hypothesis strategies: any bill, with any telemetry and usage beside it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

PERIODS = (date(2026, 4, 1), date(2026, 5, 1))
DAYS = [date(2026, 4, 28) + timedelta(days=day) for day in range(8)]
PROVIDERS = (("AWS", "aws"), ("Amazon Web Services", "aws"), ("OpenAI", "openai"))
RESOURCES = ("i-1", "i-2", "gpt-4", None)
TEXTS = ("gpt-4 input tokens", "gpt-4o output tokens", "gpt-4o usage", "disk", None)
TAGS = (
    None,
    "{}",
    "{broken",
    '{"model_name": "chat", "model_version": "v1"}',
    '{"cost_component": "orchestration", "team": "search"}',
    '{"cost_component": "cache", "initiative": "exploration"}',
    '{"accelerator": "nvidia-h100", "environment": "prod"}',
)
MODELS = ("gpt-4", "gpt-4o")
TOKEN_TYPES = ("input", "output", "any")
# Two deliveries; which one is newer, and whether it is whole, is drawn.
DELIVERIES = ("a", "b")

TRILLIONTH = Decimal("0.000000000001")
amounts = st.one_of(
    st.integers(-(10**23), 10**23), st.integers(-5, 5), st.integers(-(10**14), 10**14)
).map(lambda trillionths: trillionths * TRILLIONTH)
workloads = st.fixed_dictionaries(
    {
        "model_name": st.sampled_from(("chat", "rank")),
        "model_version": st.sampled_from(("v1", "unattributed")),
        "endpoint": st.sampled_from(("/a", "unattributed")),
        "team": st.just("search"),
    }
)
days = st.sampled_from(DAYS)


def weights(largest: int, smallest: int = 1) -> st.SearchStrategy[int]:
    """Weights of any size, and often equal ones, so that the tie-break decides."""
    return st.one_of(st.integers(smallest, 2), st.integers(smallest, largest))


@dataclass(frozen=True)
class Bill:
    """Input tables of the waterfall by name, and which delivery counts where both hold a period."""

    tables: dict[str, list[dict[str, Any]]]
    newest: str

    @property
    def charges(self) -> list[dict[str, Any]]:
        """The charges that count: the newest delivery's, and what only the other one holds."""
        rows = self.tables["stg_billing__charges"]
        held = {(row["delivery"], *_period(row)) for row in rows}
        return [
            row
            for row in rows
            if row["delivery"] == self.newest or (self.newest, *_period(row)) not in held
        ]


def _period(row: dict[str, Any]) -> tuple:
    return row["provider_key"], row["billing_account_id"], row["billing_period_start"]


@st.composite
def charges(draw: st.DrawFn) -> dict[str, Any]:
    """A charge as staging leaves it; usage may last days, also beyond its billing period."""
    provider, provider_key = draw(st.sampled_from(PROVIDERS))
    start = datetime.combine(draw(days), datetime.min.time()) + timedelta(
        microseconds=draw(st.integers(0, 86_399_999_999))
    )
    length = draw(st.one_of(st.just(86_400_000_000), st.integers(0, 4 * 86_400_000_000)))
    end = start + timedelta(microseconds=length)
    is_usage = draw(st.booleans())
    last = end - timedelta(microseconds=1) if is_usage and length else start
    resource = draw(st.sampled_from(RESOURCES))
    return {
        "delivery": draw(st.sampled_from(DELIVERIES)),
        "provider": provider,
        "provider_key": provider_key,
        "billing_account_id": draw(st.sampled_from(("1", "2"))),
        "billing_period_start": draw(st.sampled_from(PERIODS)),
        "billing_currency": draw(st.sampled_from(("USD", "EUR"))),
        "service_name": "service",
        "resource_id": resource or "unattributed",
        "resource_key": resource,
        "charge_description_key": draw(st.sampled_from(TEXTS)),
        "charge_category": "usage" if is_usage else "purchase",
        "tags": draw(st.sampled_from(TAGS)),
        "charge_period_start": start,
        "charge_period_end": end,
        "first_day": start.date(),
        "last_day": last.date(),
        "billed_cost": draw(amounts),
        "effective_cost": draw(amounts),
        "list_cost": draw(amounts),
    }


@st.composite
def gpu_days(draw: st.DrawFn) -> list[dict[str, Any]]:
    """GPU time of a day and resource by workload, some of it held by nobody."""
    nobody = dict.fromkeys(("model_name", "model_version", "endpoint", "team"), "unattributed")
    holders = draw(st.lists(workloads, max_size=4, unique_by=lambda row: tuple(row.values())))
    return [
        {
            "date_day": draw(days),
            "resource_key": draw(st.sampled_from(("i-1", "i-2"))),
            "accelerator": "NVIDIA-H100",
            **holder,
            "is_held": holder is not nobody,
            "held_us": draw(weights(10**15)),
        }
        for holder in (*holders, nobody)
    ]


@st.composite
def vendor_use(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "date_day": draw(days),
        "provider_key": draw(st.sampled_from(("openai", "*"))),
        "provider_model": draw(st.sampled_from(MODELS)),
        "token_type": draw(st.sampled_from(TOKEN_TYPES)),
        **draw(workloads),
        "weight": Decimal(draw(weights(10**20))) / 10**6,
    }


@st.composite
def calls(draw: st.DrawFn) -> dict[str, Any]:
    return {"date_day": draw(days), **draw(workloads), "requests": draw(weights(10**9, smallest=0))}


def _unique(rows: list[dict[str, Any]], measure: str) -> list[dict[str, Any]]:
    """One row per key: everything but the measure."""
    by_key = {tuple(value for key, value in row.items() if key != measure): row for row in rows}
    return list(by_key.values())


@st.composite
def bills(draw: st.DrawFn) -> Bill:
    """1 to 30 charges of two deliveries, with what they are divided by."""
    rows = draw(st.lists(charges(), min_size=1, max_size=30))
    # a wins by a later refresh, b by its name, or the one that is whole
    load_of_a, a_is_whole = draw(st.sampled_from((("2.0", True), ("1.0", True), ("2.0", False))))
    gpu = draw(st.lists(gpu_days(), max_size=6))
    return Bill(
        tables={
            "stg_billing__charges": [
                {"charge_id": f"charge {number}", **row} for number, row in enumerate(rows)
            ],
            "stg_lake__live_files": [
                {
                    "source": "billing",
                    "delivery": delivery,
                    "delivery_sort_key": delivery,
                    "load_id": load,
                    "is_complete": whole,
                }
                for delivery, load, whole in (("a", load_of_a, a_is_whole), ("b", "1.0", True))
            ],
            "int_prices__known_models": [{"provider_model": model} for model in MODELS],
            "int_gpu__accelerator_names": [
                {"accelerator_key": "nvidia-h100", "accelerator": "NVIDIA-H100"}
            ],
            "int_gpu__resource_days": _unique([row for rows in gpu for row in rows], "held_us"),
            "int_requests__vendor_weights": _unique(
                draw(st.lists(vendor_use(), max_size=20)), "weight"
            ),
            "int_requests__daily": draw(st.lists(calls(), max_size=12)),
            "stg_registry__model_versions": [
                {"model_name": "chat", "model_version": "v1", "initiative": "exploitation"}
            ],
            "int_registry__model_initiatives": [
                {"model_name": "chat", "initiative": "exploitation"}
            ],
        },
        newest="a" if load_of_a == "2.0" and a_is_whole else "b",
    )

"""Invoices that disagree with the log for reasons whose money is known, drawn by seed.

A seed is a vendor of its own with three models over two months, so that many seeds share one build.
Quantities that differ are worth their list price; a price that differs is worth its difference on
every invoiced token. Those are the definitions of decision 0017, and the only thing shared with the
models under test.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

FIRST, DAYS, APRIL = date(2026, 4, 1), 61, 30
TYPES = ("input", "output", "cache_read", "cache_creation")
METERS = {
    "input": "input tokens",
    "output": "output tokens",
    "cache_read": "cached input tokens",
    "cache_creation": "cache write tokens",
}
# What a line of an invoice holds: a day and token type with its quantity, in exact money or in
# whole cents; the same without quantity; all types of a day; a month of a type.
KINDS = ("counted", "cents", "money only", "untyped", "monthly")
CACHE_MODES = ("twice", "as input", "at input price", "not billed")
TOKEN = Decimal("0.000001")
Key = tuple[str, str, str]  # month, vendor, model


@dataclass
class Planted:
    """What was written, and why it differs: money per month, vendor and model, by cause."""

    bill: list[dict] = field(default_factory=list)
    log: list[pa.Table] = field(default_factory=list)
    prices: list[dict] = field(default_factory=list)
    causes: dict[Key, dict[str, Decimal]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(Decimal))
    )

    def add(self, day: date, vendor: str, model: str, cause: str, usd: Decimal) -> None:
        self.causes[f"{day:%Y-%m}", vendor, model][cause] += usd

    def write(self, inputs: Path) -> None:
        """`billing/`, `llm_requests/` and `prices/`, as Parquet."""
        tables = {
            "billing": pa.Table.from_pylist(self.bill, schema=BILL),
            "llm_requests": pa.concat_tables(self.log),
            "prices": pa.Table.from_pylist(self.prices, schema=PRICES),
        }
        for name, table in tables.items():
            (inputs / name).mkdir(parents=True, exist_ok=True)
            pq.write_table(table, inputs / name / "all.parquet")


_MONEY = pa.decimal128(38, 12)
BILL = pa.schema(
    [(name, _MONEY) for name in ("BilledCost", "EffectiveCost", "ListCost", "ConsumedQuantity")]
    + [
        (name, pa.timestamp("us"))
        for name in ("BillingPeriodStart", "ChargePeriodStart", "ChargePeriodEnd")
    ]
    + [
        (name, pa.string())
        for name in (
            *("BillingCurrency", "ChargeCategory", "ProviderName", "BillingAccountId"),
            *("SubAccountId", "ServiceName", "SkuMeter", "ConsumedUnit"),
        )
    ]
)
PRICES = pa.schema(
    [("effective_from", pa.timestamp("us")), ("provider", pa.string())]
    + [("provider_model", pa.string())]
    + [(f"{kind}_per_mtok", _MONEY) for kind in TYPES]
)


class Vendor:
    """One seed: its random numbers, its models, its invoice.

    Args:
        planted: Where everything is written to.
        seed: Any non-negative number.
        kind: One of `KINDS`.
        is_clean: Whether invoice and log agree.
    """

    def __init__(self, planted: Planted, seed: int, kind: str, is_clean: bool) -> None:
        self.planted = planted
        self.kind = kind
        self.name = f"vendor{seed:03d}"
        self.rng = np.random.default_rng(seed)
        self.is_clean = is_clean

    def draw(self, models: int = 3) -> None:
        for number in range(models):
            self._model(f"{self.name}-m{number}")
        if not self.is_clean:
            self._beside("tax", "Tax", "vendor tax", Decimal(1))
            self._beside("credit", "Credit", "promotional credit", Decimal(-1))
            self._beside("correction", "Adjustment", "correction of last month", Decimal(-1))

    def _chance(self, probability: float = 0.5) -> bool:
        return not self.is_clean and bool(self.rng.random() < probability)

    def _model(self, model: str) -> None:
        tokens = self._tokens()
        change = int(self.rng.integers(8, DAYS - 8))
        lists = self._price_lists(model, change)
        price = [lists[int(day >= change)] for day in range(DAYS)]
        logged, lost = self._lose(tokens)
        self._write_log(model, logged)
        billed = {kind: [int(n) for n in tokens[kind].sum(axis=1)] for kind in TYPES}
        for kind in TYPES:
            for day in range(DAYS):
                missing = int(lost[kind][day].sum())
                self._plant(day, model, "missing_usage", missing * TOKEN * price[day][kind])
        paid = [dict(of_day) for of_day in price]
        billed, paid = self._cache(model, billed, paid, price)
        keys = {"tracked": billed}
        if self._chance():
            keys["shadow"] = self._shadow(model, billed, paid, price)
        self._stale(model, paid, lists, price, change, keys)
        factor, has_list_cost = Decimal(1), True
        if self._chance():
            factor = Decimal(int(self.rng.integers(70, 98))) / 100
            has_list_cost = bool(self.rng.random() < 0.5)
        for key, quantities in keys.items():
            lines: dict[tuple[int, str], list] = defaultdict(lambda: [0, Decimal(0), Decimal(0)])
            for kind in TYPES:
                for day in range(DAYS):
                    quantity = quantities[kind][day]
                    at_list = quantity * TOKEN * paid[day][kind]
                    cost = at_list * factor
                    self._plant(day, model, "tier_or_discount", cost - at_list)
                    first = (0 if day < APRIL else APRIL) if self.kind == "monthly" else day
                    meter = "usage" if self.kind == "untyped" else METERS[kind]
                    line = lines[first, meter]
                    line[0] += quantity
                    line[1] += cost
                    line[2] += at_list if has_list_cost else cost
            for (day, meter), (quantity, cost, list_cost) in lines.items():
                if quantity:
                    self._line(day, key, f"{model} {meter}", cost, quantity, list_cost)

    def _tokens(self) -> dict[str, np.ndarray]:
        """True tokens per day and hour: a week's rhythm, noise in volume, length and caching."""
        shape = (DAYS, 24)
        calls = np.exp(self.rng.normal(0, 0.3, shape)) * (1 + 0.5 * np.sin(np.arange(24) / 4))
        calls *= 10 ** self.rng.uniform(5.5, 7.5)
        prompt = calls * np.exp(self.rng.normal(0, 0.1, shape))
        read = np.clip(self.rng.uniform(0.2, 0.6) + self.rng.normal(0, 0.05, shape), 0.05, 0.8)
        written = self.rng.uniform(0, 0.1) * np.exp(self.rng.normal(0, 0.2, shape))
        parts = {
            "input": prompt * (1 - read - written),
            "output": calls * self.rng.uniform(0.1, 0.4) * np.exp(self.rng.normal(0, 0.1, shape)),
            "cache_read": prompt * read,
            "cache_creation": prompt * written,
        }
        return {kind: part.astype(np.int64) for kind, part in parts.items()}

    def _price_lists(self, model: str, change: int) -> list[dict[str, Decimal]]:
        """The list, and the one that replaces it on the day `change`."""
        base = Decimal(int(self.rng.integers(40, 400))) / 100
        move = Decimal(int(self.rng.choice([60, 75, 80, 90, 110, 120, 130]))) / 100
        ratios = {"input": "1", "output": "4", "cache_read": "0.1", "cache_creation": "1.25"}
        lists = [
            {kind: base * Decimal(ratio) * factor for kind, ratio in ratios.items()}
            for factor in (Decimal(1), move)
        ]
        for start, prices in zip((date(2026, 1, 1), FIRST + timedelta(change)), lists, strict=True):
            self.planted.prices.append(
                {
                    "effective_from": datetime.combine(start, datetime.min.time()),
                    "provider": self.name,
                    "provider_model": model,
                    **{f"{kind}_per_mtok": usd for kind, usd in prices.items()},
                }
            )
        return lists

    def _lose(self, tokens: dict[str, np.ndarray]) -> tuple[dict, dict]:
        """What the log kept and what it lost: whole days, and hours of other days."""
        lost = np.zeros((DAYS, 24), dtype=bool)
        if self._chance():
            lost[self.rng.choice(DAYS, int(self.rng.integers(1, 5)), replace=False)] = True
            for day in self.rng.choice(DAYS, int(self.rng.integers(1, 5)), replace=False):
                start = int(self.rng.integers(0, 18))
                lost[day, start : start + int(self.rng.integers(2, 12))] = True
        kept = {kind: np.where(lost, 0, counts) for kind, counts in tokens.items()}
        return kept, {kind: np.where(lost, counts, 0) for kind, counts in tokens.items()}

    def _cache(self, model: str, billed: dict, paid: list, price: list) -> tuple[dict, list]:
        """The vendor's way with cached tokens, from a day on."""
        if not self._chance():
            return billed, paid
        mode = str(self.rng.choice(CACHE_MODES))
        billed = {kind: list(counts) for kind, counts in billed.items()}
        for day in range(int(self.rng.integers(0, DAYS // 2)), DAYS):
            read, of_day = billed["cache_read"][day], price[day]
            tokens_usd = read * TOKEN
            if mode == "twice":
                billed["input"][day] += read
                usd = tokens_usd * of_day["input"]
            elif mode == "as input":
                billed["input"][day] += read
                billed["cache_read"][day] = 0
                usd = tokens_usd * (of_day["input"] - of_day["cache_read"])
            elif mode == "at input price":
                paid[day]["cache_read"] = of_day["input"]
                usd = tokens_usd * (of_day["input"] - of_day["cache_read"])
            else:
                billed["cache_read"][day] = 0
                usd = -tokens_usd * of_day["cache_read"]
            self._plant(day, model, "cache_tokens", usd)
        return billed, paid

    def _shadow(self, model: str, billed: dict, paid: list, price: list) -> dict[str, list[int]]:
        """A project that nobody logs, of a rhythm of its own."""
        size = self.rng.uniform(0.05, 0.5)
        shadow = {}
        for kind in TYPES:
            noise = size * np.exp(self.rng.normal(0, 0.3, DAYS))
            shadow[kind] = [int(n * f) for n, f in zip(billed[kind], noise, strict=True)]
            for day, count in enumerate(shadow[kind]):
                self._plant(day, model, "untracked_usage", count * TOKEN * price[day][kind])
                dearer = paid[day][kind] - price[day][kind]
                self._plant(day, model, "cache_tokens", count * TOKEN * dearer)
        return shadow

    def _stale(self, model, paid, lists, price, change, keys) -> None:
        """The old price after the change, or the new one before it, for some days."""
        if not self._chance():
            return
        days = int(self.rng.integers(2, 25))
        is_late = bool(self.rng.random() < 0.7)
        span = range(change, min(change + days, DAYS)) if is_late else range(
            max(0, change - days), change
        )  # fmt: skip
        for day in span:
            other = lists[0] if is_late else lists[1]
            for kind in TYPES:
                at_input = paid[day][kind] == price[day]["input"] and kind == "cache_read"
                new = other["input"] if at_input else other[kind]
                count = sum(quantities[kind][day] for quantities in keys.values())
                # what cached tokens at the day's input price cost more is the caches'
                usd = count * TOKEN * (new - paid[day][kind])
                self._plant(day, model, "stale_price", usd)
                paid[day][kind] = new

    def _plant(self, day: int, model: str, cause: str, usd: Decimal) -> None:
        if usd:
            self.planted.add(FIRST + timedelta(day), self.name, model, cause, usd)

    def _beside(self, cause: str, category: str, text: str, sign: Decimal) -> None:
        """A charge a month that is for no model."""
        for first in (0, 30):
            if self._chance():
                usd = sign * Decimal(int(self.rng.integers(500, 50_000))) / 100
                self._line(first, "tracked", text, usd, None, usd, category)
                self._plant(first, "unattributed", cause, usd)

    def _line(
        self,
        day: int,
        key: str,
        meter: str,
        usd: Decimal,
        tokens: int | None,
        list_usd: Decimal,
        category: str = "Usage",
    ) -> None:
        start = datetime.combine(FIRST + timedelta(day), datetime.min.time())
        days = 1 if self.kind != "monthly" or not tokens else APRIL if day < APRIL else DAYS - APRIL
        to = Decimal("0.01") if self.kind == "cents" else Decimal("0.0000000001")
        is_counted = tokens and self.kind != "money only"
        self.planted.bill.append(
            {
                "BilledCost": usd.quantize(to),
                "EffectiveCost": usd.quantize(to),
                "ListCost": list_usd.quantize(to),
                "BillingCurrency": "USD",
                "BillingPeriodStart": start.replace(day=1),
                "ChargePeriodStart": start,
                "ChargePeriodEnd": start + timedelta(days),
                "ChargeCategory": category,
                "ProviderName": self.name,
                "BillingAccountId": f"{self.name}-account",
                "SubAccountId": key,
                "ServiceName": "Model API" if tokens else None,
                "SkuMeter": meter,
                "ConsumedQuantity": tokens if is_counted else None,
                "ConsumedUnit": "Tokens" if is_counted else None,
            }
        )

    def _write_log(self, model: str, tokens: dict[str, np.ndarray]) -> None:
        hours = np.datetime64(FIRST, "us") + np.arange(DAYS * 24) * np.timedelta64(1, "h")
        counts = {kind: tokens[kind].reshape(-1) for kind in TYPES}
        is_there = sum(counts.values()) > 0
        cached = counts["cache_read"] + counts["cache_creation"]
        columns = {
            "timestamp": hours,
            "gen_ai.usage.input_tokens": counts["input"] + cached,
            "gen_ai.usage.output_tokens": counts["output"],
            "gen_ai.usage.cache_read.input_tokens": counts["cache_read"],
            "gen_ai.usage.cache_creation.input_tokens": counts["cache_creation"],
        }
        kept = {name: pa.array(column[is_there]) for name, column in columns.items()}
        texts = {
            "gen_ai.provider.name": self.name,
            "gen_ai.request.model": model,
            "model_name": "assistant",
            "model_version": "v1",
            "endpoint": "chat",
            "team": "shop",
        }
        rows = int(is_there.sum())
        texts = {name: pa.repeat(pa.scalar(text), rows) for name, text in texts.items()}
        self.planted.log.append(pa.table(kept | texts))


def draw(seeds: range, kind: str = "counted", is_clean: bool = False) -> Planted:
    """A company that buys from one vendor per seed."""
    planted = Planted()
    for seed in seeds:
        Vendor(planted, seed, kind, is_clean).draw()
    return planted

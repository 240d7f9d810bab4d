"""The money of the demo, recomputed from its files with csv and Decimal."""

import json
from collections import Counter, defaultdict
from decimal import Decimal

import pytest

MILLION = Decimal(1_000_000)


def price(demo, model, day):
    """The price row of a provider model as of a day."""
    rows = [row for row in demo.table("prices/prices.csv") if row["provider_model"] == model]
    return max(
        (r for r in rows if r["effective_from"][:10] <= day), key=lambda r: r["effective_from"]
    )


def tokens_by_day(demo, model):
    """Uncached input, cache reads, cache writes and output per day of a provider model."""
    calls = demo.calls[demo.calls["gen_ai.request.model"] == model]
    days = calls.groupby(calls["timestamp"].dt.strftime("%Y-%m-%d"))
    sums = days[[c for c in calls.columns if c.startswith("gen_ai.usage.")]].sum()
    for day, row in sums.iterrows():
        use = {name.removeprefix("gen_ai.usage."): int(value) for name, value in row.items()}
        read, write = use["cache_read.input_tokens"], use["cache_creation.input_tokens"]
        yield day, use["input_tokens"] - read - write, read, write, use["output_tokens"]


def test_the_openai_bill_is_tokens_times_price_by_day_and_type(demo):
    billed = {
        (row["ChargePeriodStart"][:10], row["SkuMeter"]): Decimal(row["BilledCost"])
        for row in demo.bill
        if row["ProviderName"] == "OpenAI"
    }
    expected = {}
    for day, fresh, read, _, output in tokens_by_day(demo, "gpt-4o"):
        at = price(demo, "gpt-4o", day)
        expected |= {
            (day, "gpt-4o input tokens"): fresh * Decimal(at["input_per_mtok"]) / MILLION,
            (day, "gpt-4o cached input tokens"): read
            * Decimal(at["cache_read_per_mtok"])
            / MILLION,
            (day, "gpt-4o output tokens"): output * Decimal(at["output_per_mtok"]) / MILLION,
        }
    assert len(billed) == 24
    assert billed == expected


def test_the_anthropic_bill_is_tokens_times_price_by_day(demo):
    billed = {
        row["ChargePeriodStart"][:10]: Decimal(row["BilledCost"])
        for row in demo.bill
        if row["ProviderName"] == "Anthropic"
    }
    expected = {}
    for day, fresh, read, write, output in tokens_by_day(demo, "claude-sonnet-4"):
        at = price(demo, "claude-sonnet-4", day)
        expected[day] = (
            fresh * Decimal(at["input_per_mtok"])
            + read * Decimal(at["cache_read_per_mtok"])
            + write * Decimal(at["cache_creation_per_mtok"])
            + output * Decimal(at["output_per_mtok"])
        ) / MILLION
    assert len(billed) == 8
    assert billed == expected


def test_the_gpu_bill_is_gpu_hours_of_telemetry_times_the_on_demand_price(demo):
    per_hour = {
        row["accelerator"]: Decimal(row["on_demand_per_hour"])
        for row in demo.table("prices/gpu_prices.csv")
    }
    expected = defaultdict(Decimal)
    resources = ["resource_id", "accelerator"]
    for (resource, accelerator), rows in demo.samples.groupby(resources).size().items():
        expected[resource] = Decimal(int(rows)) / 12 * per_hour[accelerator]
    billed = defaultdict(Decimal)
    for row in demo.bill:
        if row["ResourceId"] in expected:
            billed[row["ResourceId"]] += Decimal(row["BilledCost"])
    assert len(billed) == 6
    assert billed == expected


def test_truth_bills_equal_the_files(demo):
    columns = {
        "billed_cost": "BilledCost",
        "effective_cost": "EffectiveCost",
        "list_cost": "ListCost",
    }
    sums, rows = defaultdict(Decimal), Counter()
    for row in demo.bill:
        key = (row["Month"], row["ProviderName"], row["BillingAccountId"])
        rows[key] += 1
        assert row["BillingPeriodStart"][:7] == row["Month"] == row["ChargePeriodStart"][:7]
        for name, column in columns.items():
            sums[(*key, name)] += Decimal(row[column])
    planted = demo.truth["billed"]
    for line in planted:
        key = (line["month"], line["provider"], line["billing_account_id"])
        assert rows[key] == line["rows"]
        assert {n: sums[(*key, n)] for n in columns} == {n: Decimal(line[n]) for n in columns}
    assert len(planted) == len(rows) == 3
    assert sum(rows.values()) == demo.truth["rows"]["billing"]


def test_truth_tags_stages_and_pools_equal_the_files(demo):
    keys = ("model_name", "model_version", "endpoint", "team")
    parts, stages, pools = defaultdict(Decimal), defaultdict(Decimal), defaultdict(Decimal)
    for row in demo.bill:
        cost = Decimal(row["EffectiveCost"])
        tags = json.loads(row["Tags"]) if row["Tags"] else {}
        named = sum(key in tags for key in keys)
        parts["full_usd" if named == 4 else "partial_usd" if named else "untagged_usd"] += cost
        if "lifecycle_stage" in tags:
            stages[tags["lifecycle_stage"]] += cost
        if "cost_component" in tags and "model_name" not in tags:
            pools[tags["cost_component"]] += cost
    planted = demo.truth["tags"]
    assert {name: Decimal(planted[name]) for name in parts} == parts
    share = parts["untagged_usd"] / sum(parts.values())
    assert planted["untagged_share"] == pytest.approx(float(share), abs=1e-6)
    assert {k: Decimal(v) for k, v in demo.truth["lifecycle_usd"].items()} == stages
    assert {k: Decimal(v) for k, v in demo.truth["shared_usd"].items()} == pools


def test_the_savings_plan_purchase_pays_for_exactly_the_hours_it_covers(demo):
    covered = [row for row in demo.bill if row["PricingCategory"] == "Committed"]
    bought = sum(Decimal(r["BilledCost"]) for r in covered if r["ChargeCategory"] == "Purchase")
    used = sum(Decimal(r["EffectiveCost"]) for r in covered if r["ChargeCategory"] == "Usage")
    assert bought == used > 0
    assert not any(Decimal(r["BilledCost"]) for r in covered if r["ChargeCategory"] == "Usage")


def test_a_month_costs_a_plausible_amount(demo):
    total = sum(Decimal(row["BilledCost"]) for row in demo.bill) / 8 * 30
    assert 100_000 < total < 200_000

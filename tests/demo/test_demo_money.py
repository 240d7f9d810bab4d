"""The money of the demo, recomputed from its files with csv and Decimal."""

import json
from collections import Counter, defaultdict
from decimal import Decimal

import pytest

MILLION = Decimal(1_000_000)


def price(demo, model, day):
    """The price row of a provider model as of a day."""
    since = max(at for name, at in demo.token_prices if name == model and at <= day)
    return demo.token_prices[model, since]


def tokens_by_day(demo, model):
    """Uncached input, cache reads, cache writes and output per day of a provider model."""
    calls = demo.calls[demo.calls["gen_ai.request.model"] == model]
    days = calls.groupby(calls["timestamp"].dt.strftime("%Y-%m-%d"))
    sums = days[[c for c in calls.columns if c.startswith("gen_ai.usage.")]].sum()
    for day, row in sums.iterrows():
        use = {name.removeprefix("gen_ai.usage."): int(value) for name, value in row.items()}
        read, write = use["cache_read.input_tokens"], use["cache_creation.input_tokens"]
        yield day, use["input_tokens"] - read - write, read, write, use["output_tokens"]


@pytest.mark.parametrize(
    ("service", "model", "meters"),
    [
        ("OpenAI API", "gpt-4o", ("input tokens", "cached input tokens", "output tokens")),
        (
            "Azure OpenAI",
            "gpt-4.1",
            ("Inp glbl Tokens", "cached Inp glbl Tokens", "Outp glbl Tokens"),
        ),
    ],
)
def test_a_token_bill_is_tokens_times_price_by_day_and_type(demo, service, model, meters):
    billed = {
        (row["ChargePeriodStart"][:10], row["SkuMeter"]): Decimal(row["BilledCost"])
        for row in demo.bill
        if row["ServiceName"] == service
    }
    expected = {}
    for day, fresh, read, _, output in tokens_by_day(demo, model):
        at = price(demo, model, day)
        expected |= {
            (day, f"{model} {meter}"): tokens * Decimal(at[column]) / MILLION
            for meter, tokens, column in zip(
                meters,
                (fresh, read, output),
                ("input_per_mtok", "cache_read_per_mtok", "output_per_mtok"),
                strict=True,
            )
        }
    assert len(billed) == 24
    assert billed == expected


def test_the_anthropic_bill_is_tokens_times_price_by_day(demo):
    billed = {
        (row["ChargePeriodStart"][:10], row["ResourceName"]): Decimal(row["BilledCost"])
        for row in demo.bill
        if row["ProviderName"] == "Anthropic" and Decimal(row["BilledCost"])
    }
    expected = {}
    for model in ("claude-sonnet-4", "claude-haiku-4-5"):
        for day, fresh, read, write, output in tokens_by_day(demo, model):
            at = price(demo, model, day)
            expected[day, model] = (
                fresh * Decimal(at["input_per_mtok"])
                + read * Decimal(at["cache_read_per_mtok"])
                + write * Decimal(at["cache_creation_per_mtok"])
                + output * Decimal(at["output_per_mtok"])
            ) / MILLION
    # sonnet every day, haiku until listing-writer v1 went
    assert len(billed) == 8 + 5
    assert billed == expected


def test_the_gpu_bill_is_gpu_hours_of_telemetry_times_the_on_demand_price(demo):
    per_hour = {
        row["accelerator"]: Decimal(row["on_demand_per_hour"])
        for row in demo.table("prices/gpu_prices.csv")
    }
    expected = defaultdict(Decimal)
    resources = ["resource_id", "accelerator"]
    for (resource, accelerator), rows in demo.samples.groupby(resources).size().items():
        expected[resource] = Decimal(int(rows)) / 2 * per_hour[accelerator]
    billed = defaultdict(Decimal)
    for row in demo.bill:
        if row["ResourceId"] in expected:
            billed[row["ResourceId"]] += Decimal(row["BilledCost"])
    assert len(billed) == 11
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
    assert len(planted) == len(rows) == 6
    assert sum(rows.values()) == demo.truth["rows"]["billing"]


def test_truth_tags_stages_and_pools_equal_the_files(demo):
    keys = ("model_name", "model_version", "endpoint", "team")
    parts, stages, pools = defaultdict(Decimal), defaultdict(Decimal), defaultdict(Decimal)
    for row in demo.bill:
        cost = demo.usd(row)
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


def test_the_euro_bill_is_worth_what_the_latest_fixing_says(demo):
    euros = [row for row in demo.bill if row["BillingCurrency"] == "EUR"]
    # 2.35 EUR an hour, day and night, also on the weekend that has no fixing
    assert len(euros) == 8 * 24 and {Decimal(row["BilledCost"]) for row in euros} == {
        Decimal("2.35")
    }
    assert not {"2026-06-27", "2026-06-28"} & demo.usd_rates.keys()
    planted = next(b for b in demo.truth["billed"] if b["provider"] == "Qdrant")
    assert planted["billing_currency"] == "EUR"
    assert Decimal(planted["effective_cost_usd"]) == sum(map(demo.usd, euros))


def test_the_savings_plan_purchase_pays_for_exactly_the_hours_it_covers(demo):
    covered = [row for row in demo.bill if row["PricingCategory"] == "Committed"]
    bought = sum(Decimal(r["BilledCost"]) for r in covered if r["ChargeCategory"] == "Purchase")
    used = sum(Decimal(r["EffectiveCost"]) for r in covered if r["ChargeCategory"] == "Usage")
    assert bought == used > 0
    assert not any(Decimal(r["BilledCost"]) for r in covered if r["ChargeCategory"] == "Usage")


def test_a_month_costs_a_plausible_amount(demo):
    total = sum(Decimal(row["BilledCost"]) for row in demo.bill) / 8 * 30
    assert 100_000 < total < 200_000

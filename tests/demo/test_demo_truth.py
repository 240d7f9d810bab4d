"""truth.json against a second computation from the telemetry, request and KPI files."""

from collections import defaultdict
from decimal import Decimal

import pandas as pd
import pytest

IDENTITY = ["model_name", "model_version", "endpoint", "team"]


def test_it_says_that_it_is_a_demo(demo):
    assert demo.truth["demo"] is True
    assert "demo figure" in demo.truth["note"]
    assert demo.truth["last_day"] == "2026-06-30"


def test_row_counts_equal_the_files(demo):
    rows = demo.truth["rows"]
    assert rows["llm_requests"] == len(demo.calls)
    assert rows["gpu_metrics"] == len(demo.samples)
    for name, path in {
        "product_kpis": "product_kpis/product_kpis.csv",
        "model_registry": "model_registry/model_registry.csv",
        "currency": "currency/ecb-reference-rates.csv",
        "budgets": "budgets/budgets.csv",
        "roles": "roles/roles.csv",
        "gpu_prices": "prices/gpu_prices.csv",
    }.items():
        assert rows[name] == len(demo.table(path))
    lists = ("prices/prices-2026-01.csv", "prices/prices-2026-06.csv")
    assert rows["prices"] == sum(len(demo.table(path)) for path in lists)


def test_requests_and_tokens_equal_the_files(demo):
    kinds = {
        "requests": "request_count",
        "input_tokens": "gen_ai.usage.input_tokens",
        "output_tokens": "gen_ai.usage.output_tokens",
        "cache_read_tokens": "gen_ai.usage.cache_read.input_tokens",
        "cache_creation_tokens": "gen_ai.usage.cache_creation.input_tokens",
        "reasoning_tokens": "gen_ai.usage.reasoning.output_tokens",
    }
    groups = demo.calls.groupby(["model_name", "model_version", "endpoint"])
    sums = groups[list(kinds.values())].sum()
    planted = demo.truth["requests"]
    assert len(planted) == len(sums) == 18
    for line in planted:
        key = (line["model_name"], line["model_version"], line["endpoint"])
        assert {k: line[k] for k in kinds} == {k: sums.loc[key, c] for k, c in kinds.items()}
        assert line["rows"] == len(groups.get_group(key))


def test_vendor_costs_of_the_versions_sum_to_the_vendor_bills(demo):
    split = sum(Decimal(line.get("vendor_cost_usd", "0")) for line in demo.truth["requests"])
    services = ("OpenAI API", "Azure OpenAI", "Claude API")
    assert split == sum(
        Decimal(row["BilledCost"]) for row in demo.bill if row["ServiceName"] in services
    )


def test_gpu_hours_and_idle_equal_the_telemetry(demo):
    samples = demo.samples.assign(hour=demo.samples["timestamp"].dt.floor("h"))
    samples[IDENTITY] = samples[IDENTITY].fillna("")
    # a CPU host has no engine, only a figure of how busy it is
    samples["busy"] = samples["DCGM_FI_PROF_GR_ENGINE_ACTIVE"].fillna(
        samples["DCGM_FI_DEV_GPU_UTIL"] / 100
    )
    hourly = (
        samples.groupby(["hour", "gpu_uuid", "hostname", "accelerator", *IDENTITY])
        .agg(busy=("busy", "mean"), samples=("gpu", "size"))
        .reset_index()
    )
    assert (hourly["samples"] == 2).all()
    # Nowhere near the threshold by rounding alone.
    assert ((hourly["busy"] - 0.15).abs() > 1e-6).all()
    hours, idle = defaultdict(int), defaultdict(int)
    for row in hourly.itertuples():
        key = (row.hostname, *(getattr(row, name) for name in IDENTITY))
        hours[key] += 1
        idle[key] += row.busy < 0.15
    gpu = demo.truth["gpu"]
    for line in gpu["workloads"]:
        key = (line["hostname"], *(line[name] for name in IDENTITY))
        assert (line["gpu_hours"], line["idle_gpu_hours"]) == (hours.pop(key), idle[key])
    assert not hours
    nobody = sum(count for key, count in idle.items() if not key[1])
    assert gpu["unallocated_gpu_hours"] == nobody > 0
    assert gpu["allocated_idle_gpu_hours"] == sum(idle.values()) - nobody > 0
    money = sum(Decimal(line["idle_usd"]) for line in gpu["workloads"])
    assert money == Decimal(gpu["unallocated_usd"]) + Decimal(gpu["allocated_idle_usd"])


def test_some_gpus_are_busy_some_burn_and_some_hold_nothing(demo):
    busy = demo.samples.groupby(["hostname", demo.samples["endpoint"].fillna("")])[
        "DCGM_FI_PROF_GR_ENGINE_ACTIVE"
    ].mean()
    assert busy["gpu-a100-01", "rerank"] > 0.70
    assert busy["gpu-h100-tune", "chat-finetune"] > 0.85
    assert 0.08 < busy["gpu-a100-01", "rerank-staging"] < 0.15
    assert busy["gpu-a100-01", ""] == 0


def test_the_planted_version_change_is_in_files_and_truth(demo):
    chat = next(c for c in demo.truth["version_changes"] if c["model_name"] == "chat-assistant")
    # 8 H100 before; 16 after, and 1,450 GB-days of weights: 24 x 3.93 a GPU, 0.00076 a GB.
    assert Decimal(chat["cost_usd_before"]) == Decimal("754.56")
    assert Decimal(chat["cost_usd_after"]) == Decimal("1510.222")
    assert chat["is_cost_spike"] is True
    calls = demo.calls[demo.calls["endpoint"] == "chat"]
    first = calls[calls["model_version"] == "v2"]["timestamp"].min()
    assert str(first.date()) == chat["cutover_date"] == "2026-06-26"


def test_measured_lift_agrees_with_the_planted_one(demo):
    kpis = pd.DataFrame(demo.table("product_kpis/product_kpis.csv"))
    kpis[["exposures", "conversions"]] = kpis[["exposures", "conversions"]].astype(int)
    control = kpis[kpis["variant"] == "control"].set_index(["feature", "date"])
    for line in demo.truth["value"]:
        arm = kpis[
            (kpis["variant"] == "treatment")
            & (kpis["feature"] == line["feature"])
            & (kpis["model_version"] == line["model_version"])
        ]
        assert line["treatment_exposures"] == arm["exposures"].sum()
        if line["value_method"] == "declared":
            assert line["incremental_conversions"] == 0
            continue
        other = control.loc[list(zip(arm["feature"], arm["date"], strict=True))]
        base = (other["conversions"] / other["exposures"]).to_numpy()
        measured = (arm["conversions"] - base * arm["exposures"]).sum()
        rate = base.mean()
        # Four standard errors of a difference of binomials, control scaled up to treatment.
        noise = (
            rate * (arm["exposures"] + arm["exposures"] ** 2 / other["exposures"].to_numpy()).sum()
        ) ** 0.5
        assert measured == pytest.approx(line["incremental_conversions"], abs=4 * noise)
        assert line["incremental_conversions"] > 0

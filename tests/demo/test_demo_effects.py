"""What truth.json says was planted, reckoned again from the files; a clean twin has none of it."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from ingestion.demo import write_demo
from ingestion.demo.calendar import Calendar
from ingestion.demo.company import streams
from ingestion.demo.effects_money import peak_tokens_per_second
from ingestion.demo.requests import CallLog

KEYS = {
    "overnight_spike", "version_cost_double_rate", "version_cost_double_tokens",
    "version_cost_justified", "version_cost_improved", "drift", "idle_burn", "accelerators",
    "untagged_endpoint", "build_vs_buy", "shared_spend", "training_bursts", "zombie",
    "portfolio_mix", "queue_beside_idle",
}  # fmt: skip


@pytest.fixture(scope="module")
def effects(whole):
    return whole.truth["effects"]


def tokens(calls):
    return calls["gen_ai.usage.input_tokens"] + calls["gen_ai.usage.output_tokens"]


def test_a_window_of_sixty_days_holds_them_all(effects, whole):
    assert effects.keys() == KEYS
    assert whole.truth["not_planted"] == []
    for key, effect in effects.items():
        assert effect["what"] and effect["mart"] and effect["tolerance"], key


def test_what_a_short_window_cannot_hold_is_said(tmp_path, demo):
    found = demo.truth["effects"].keys() | set(demo.truth["not_planted"])
    assert found == KEYS and not demo.truth["effects"].keys() & set(demo.truth["not_planted"])
    assert {"overnight_spike", "drift", "untagged_endpoint"} <= set(demo.truth["not_planted"])
    assert not any("llm-shadow" in row["ResourceId"] for row in demo.bill)


@pytest.mark.parametrize("days", [1, 2, 29, 45, 59])
def test_any_window_will_do(tmp_path, days):
    write_demo(tmp_path / "planted", days=days, scale=1 / 60)
    write_demo(tmp_path / "clean", days=days, scale=1 / 60, clean=True)
    for name in ("planted", "clean"):
        assert len(list((tmp_path / name / "gpu_metrics").iterdir())) >= days // 7


def test_effects_keep_apart(effects):
    """The 14 days either side of a version change hold no other change of the same model."""
    calendar = Calendar(60)
    spike = calendar.spike_day
    assert spike is not None
    assert spike >= calendar.chat_v1_stop + 14
    assert calendar.price_change >= calendar.copilot_v1_stop + 12
    for days in (90, 365):
        calendar = Calendar(days)
        assert calendar.spike_day >= calendar.chat_v1_stop + 14
        assert calendar.price_change >= calendar.copilot_v1_stop + 14


def test_the_night_has_calls_gpus_and_a_bill_and_no_more_customers(effects, whole):
    spike = effects["overnight_spike"]
    extra = whole.samples[whole.samples["hostname"].str.startswith(spike["hostname_prefix"])]
    assert set(extra["timestamp"].dt.date.astype(str)) == {spike["date_day"]}
    assert extra["timestamp"].dt.hour.max() == 7
    billed = sum(
        whole.usd(row)
        for row in whole.bill
        if row["ResourceName"].startswith(spike["hostname_prefix"])
    )
    assert billed == Decimal(spike["cost_usd"]) == Decimal("10060.80")
    calls = whole.calls[whole.calls["endpoint"] == "chat"]
    by_day = calls.groupby(calls["timestamp"].dt.date.astype(str))["request_count"].sum()
    assert by_day[spike["date_day"]] > 3 * by_day.median()
    rows = whole.table("product_kpis/product_kpis.csv")
    sold = defaultdict(int)
    for row in rows:
        if row["feature"] == "assistant-chat" and row["variant"] == "treatment":
            sold[row["date"]] += int(row["conversions"])
    same_weekday = [
        sold[str(date.fromisoformat(spike["date_day"]) - timedelta(weeks=week))]
        for week in (1, 2, 3)
    ]
    assert sold[spike["date_day"]] == pytest.approx(np.mean(same_weekday), rel=0.1)


def test_version_effects_name_their_change_and_what_it_is_worth(effects):
    ratios = {
        "version_cost_double_rate": (2.0, 1.0, False),
        "version_cost_double_tokens": (2.0, 1.0, False),
        "version_cost_justified": (3.0, 6.0, True),
        "version_cost_improved": (0.82, 0.095 / 0.080, True),
    }
    for key, (cost, value, is_justified) in ratios.items():
        effect = effects[key]
        assert effect["cost_per_request_ratio"] == pytest.approx(cost, rel=0.05), key
        name = "value_usd_per_1000_exposures"
        assert effect[f"{name}_after"] / effect[f"{name}_before"] == pytest.approx(value)
        assert effect["is_justified"] is is_justified is (value > cost)


def test_drift_is_cost_that_right_answers_do_not_account_for(effects, whole):
    effect = effects["drift"]
    calls = whole.calls[whole.calls["model_name"] == "doc-summarizer"]
    day = calls["timestamp"].dt.normalize()
    monday = (day - np.array(day.dt.dayofweek, dtype="timedelta64[D]")).dt.date.astype(str)
    requests = calls.groupby(monday)["request_count"].sum()
    scores = {
        str(date.fromisoformat(s["date_day"]) - timedelta(
            days=date.fromisoformat(s["date_day"]).weekday())): s["score"]
        for s in whole.truth["evaluations"]
        if s["model_name"] == "doc-summarizer"
    }  # fmt: skip
    weekly = effect["weekly"]
    assert [line["week"] for line in weekly] == sorted(scores)
    for line in weekly:
        right = requests[line["week"]] * scores[line["week"]]
        assert float(line["correct_outcomes"]) == pytest.approx(right)
    base = sum(float(w["cost_usd"]) for w in weekly[:4]) / sum(
        float(w["correct_outcomes"]) for w in weekly[:4]
    )
    for line in weekly:
        expected = float(line["cost_usd"]) - float(line["correct_outcomes"]) * base
        assert float(line["drift_cost_usd"]) == pytest.approx(expected, abs=1e-3)
    assert sum(float(line["drift_cost_usd"]) for line in weekly[4:]) > 500
    assert weekly[-1]["score"] < weekly[4]["score"] < weekly[3]["score"]


def test_four_gpus_carry_what_is_bought(effects, whole):
    effect = effects["build_vs_buy"]
    assert effect["gpus"] == effect["gpus_running"] == 4
    calls = whole.calls[(whole.calls["endpoint"] == "triage")]
    june = calls[calls["timestamp"] >= "2026-06-01"]
    # rows sum 24 minutes at this scale
    rate = (tokens(june) / (24 * 60)).max()
    assert effect["peak_tokens_per_second"] == pytest.approx(rate, rel=1e-6)
    assert 19_000 < float(effect["api_cost_usd_30_days"]) < 21_000
    twin = whole.samples[whole.samples["endpoint"] == "triage-shadow"]
    assert twin["gpu_uuid"].nunique() == 4
    prices = {
        (row["accelerator"], row["model_name"]): row for row in whole.table("prices/gpu_prices.csv")
    }
    at = prices["NVIDIA-L40S", "ticket-triage"]
    assert 4 * 720 * Decimal(at["on_demand_per_hour"]) == 4_500
    assert int(at["tokens_per_second"]) == effect["tokens_per_second"]


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(("days", "scale"), [(30, 1 / 6), (45, 1.0), (400, 1 / 6)])
def test_four_gpus_carry_it_in_any_company(seed, days, scale):
    calendar = Calendar(days)
    log = CallLog(streams(calendar), calendar, seed, scale)
    peak = peak_tokens_per_second(calendar, log, "triage-api", days - 30)
    assert 3 * 1450 < peak <= 4 * 1450


def test_the_portfolio_is_tags_then_the_registry(effects, whole):
    initiatives = {
        (row["model_name"], row["model_version"]): row["initiative"]
        for row in whole.table("model_registry/model_registry.csv")
    }
    found, bill = defaultdict(Decimal), defaultdict(Decimal)
    tagged_hosts = set()
    for row in whole.bill:
        month = row["Month"]
        bill[month] += whole.usd(row)
        if '"initiative": "' in row["Tags"]:
            name = row["Tags"].split('"initiative": "')[1].split('"')[0]
            found[month, name] += whole.usd(row)
            tagged_hosts.add(row["ResourceId"])
    per_hour = {
        row["accelerator"]: float(row["on_demand_per_hour"])
        for row in whole.table("prices/gpu_prices.csv")
    }
    held = whole.samples[whole.samples["model_name"].fillna("") != ""]
    held = held[~held["resource_id"].isin(tagged_hosts)]
    # one sample an hour at this scale
    hours = held.groupby(
        [held["timestamp"].dt.strftime("%Y-%m"), "accelerator", "model_name", "model_version"]
    ).size()
    for (month, accelerator, *model), count in hours.items():
        money = Decimal(int(count)) * Decimal(str(per_hour[accelerator]))
        found[month, initiatives[tuple(model)]] += money
    mine = whole.calls[whole.calls["accelerator"].isna()]
    months = mine.groupby([mine["timestamp"].dt.strftime("%Y-%m"), "model_name", "model_version"])
    vendor = {
        (line["model_name"], line["model_version"]): Decimal(0)
        for line in whole.truth["requests"]
        if "vendor_cost_usd" in line
    }
    for line in whole.truth["requests"]:
        if "vendor_cost_usd" in line:
            vendor[line["model_name"], line["model_version"]] += Decimal(line["vendor_cost_usd"])
    assert {key[1:] for key in months.groups} == vendor.keys()
    day = whole.calls["timestamp"].dt.date.astype(str)
    registered = pd.Series(initiatives)
    keys = pd.MultiIndex.from_frame(whole.calls[["model_name", "model_version"]])
    by_initiative = whole.calls["request_count"].groupby([day, registered.reindex(keys).to_numpy()])
    share = by_initiative.sum().unstack(fill_value=0)
    share = share.div(share.sum(axis=1), axis=0)
    platforms = defaultdict(float)
    for row in whole.bill:
        if "cost_component" in row["Tags"] and "model_name" not in row["Tags"]:
            platforms[row["ChargePeriodStart"][:10]] += float(whole.usd(row))
    shared = share.mul(pd.Series(platforms), axis=0).sum()
    planted = effects["portfolio_mix"]["by_month_usd"]
    for name in ("exploration", "exploitation"):
        by_tokens = sum(cost for model, cost in vendor.items() if initiatives[model] == name)
        both = sum(found[month, name] for month in planted) + by_tokens + Decimal(shared[name])
        assert sum(Decimal(by[name]) for by in planted.values()) == pytest.approx(
            both, abs=Decimal("0.01")
        )
    for month, by in planted.items():
        assert sum(map(Decimal, by.values())) == pytest.approx(bill[month], abs=Decimal("0.001"))


def test_trainings_stand_on_the_bill_and_in_the_queue(effects, whole):
    text = (whole.folder / "gpu_jobs/sacct-2026-07-01.txt").read_text()
    for burst in effects["training_bursts"]["bursts"]:
        billed = sum(
            Decimal(row["BilledCost"])
            for row in whole.bill
            if row["ResourceName"] == burst["hostname"] and burst["lifecycle_stage"] in row["Tags"]
        )
        assert billed == Decimal(burst["cost_usd"])
        assert burst["from_day"] + "T00:00:00" in text
    assert "|ranker-train|" in text and "|chat-finetune|" in text


def test_a_sunset_model_is_billed_and_not_called(effects, whole):
    zombie = effects["zombie"]
    calls = whole.calls[whole.calls["model_name"] == "query-tagger"]
    assert str(calls["timestamp"].max()) < zombie["sunset_date"]
    billed = sum(
        Decimal(row["BilledCost"])
        for row in whole.bill
        if '"lifecycle_stage": "sunset"' in row["Tags"]
    )
    assert billed == Decimal(zombie["cost_after_sunset_usd"]) > 0


def test_the_clean_twin_is_the_same_company_without_the_effects(clean, whole):
    assert clean.truth["clean"] is True and clean.truth["effects"] == {}
    assert clean.truth["not_planted"] == []
    models = [set(d.calls["model_name"]) for d in (clean, whole)]
    teams = [set(d.calls["team"]) for d in (clean, whole)]
    assert models[0] == models[1] and teams[0] == teams[1]
    services = [{row["ServiceName"] for row in d.bill} for d in (clean, whole)]
    assert services[1] - services[0] == {"Amazon SageMaker"} and services[0] <= services[1]
    gpu = clean.truth["gpu"]
    assert gpu["unallocated_gpu_hours"] == gpu["allocated_idle_gpu_hours"] == 0
    for change in clean.truth["version_changes"]:
        assert 0.9 < change["cost_per_request_ratio"] < 1.1, change["model_name"]
        assert not change["is_cost_spike"]
    assert max(t["idle_while_queued_gpu_hours"] for t in clean.truth["jobs"]["totals"]) == 0
    assert all(score["true_accuracy"] > 0.7 for score in clean.truth["evaluations"])

"""What is planted in the demo company comes out of the marts; a clean company shows none of it.

Each company goes through the lake and dbt, with every blocking check, over several seeds.
`truth.json` says what was planted; it is written from the drawn numbers, never from a mart.
"""

from decimal import Decimal

import pytest
from demo_company import DAYS, Built


def per_day(built: Built, model: str, version: str, first: str, days: int) -> tuple:
    """Direct cost, calls and tokens of a version over a side of a version change."""
    return built.one(
        "select sum(direct_cost_usd), sum(requests), sum(total_tokens) "
        "from marts.fct_unit_economics_daily where model_name = ? and model_version = ? "
        "and date_day >= cast(? as date) and date_day < cast(? as date) + ? * interval 1 day",
        *(model, version, first, first, days),
    )


def sides(built: Built, change: dict) -> tuple[tuple, tuple]:
    """What a version change shows before and after, per request and per million tokens."""
    model = change["model_name"]
    first = change["cutover_date"]
    overlap, before, after = (change[key] for key in ("overlap_days", "days_before", "days_after"))
    (start,) = built.one("select cast(cast(? as date) - ? * interval 1 day as date)", first, before)
    (resume,) = built.one(
        "select cast(cast(? as date) + ? * interval 1 day as date)", first, overlap
    )
    return (
        per_day(built, model, change["from_version"], str(start), before),
        per_day(built, model, change["to_version"], str(resume), after),
    )


def test_every_blocking_check_passes_and_money_is_the_bill(company):
    for line in company.truth["billed"]:
        found = company.one(
            "select sum(billed_cost), sum(effective_cost), sum(list_cost), "
            "sum(effective_cost_usd) from marts.fct_model_cost_daily "
            "where provider = ? and strftime(billing_period_start, '%Y-%m') = ?",
            *(line["provider"], line["month"]),
        )
        names = ("billed_cost", "effective_cost", "list_cost", "effective_cost_usd")
        assert found == tuple(Decimal(line[name]) for name in names), line


def test_the_overnight_spike_costs_what_its_hosts_cost(company, recovery):
    spike = company.effect("overnight_spike")
    cost, hours, day = company.one(
        "select sum(cost_usd), sum(gpu_hours), min(cast(hour as date)) "
        "from marts.fct_gpu_utilization_hourly where hostname like ? || '%'",
        spike["hostname_prefix"],
    )
    assert str(day) == spike["date_day"]
    recovery.money("overnight_spike: its hosts", spike["cost_usd"], cost)
    # 40 hosts x 8 GPUs x 8 h x 3.93 USD
    assert cost == Decimal("10060.80")
    assert hours == pytest.approx(spike["gpu_hours"])
    # the day stands out of its own fortnight, and nobody bought more for it
    days = company.rows(
        "select date_day, sum(effective_cost_usd) from marts.fct_model_cost_daily "
        "where model_name = 'chat-assistant' and date_day >= cast(? as date) - interval 7 day "
        "and date_day < cast(? as date) + interval 7 day group by 1",
        *(spike["date_day"], spike["date_day"]),
    )
    by_day = {str(day): cost for day, cost in days}
    usual = sorted(by_day.values())[len(by_day) // 2]
    excess = by_day[spike["date_day"]] - usual
    assert abs(excess - Decimal(spike["cost_usd"])) < Decimal(100)


@pytest.mark.parametrize(
    ("key", "ratio", "tokens"),
    [
        ("version_cost_double_rate", (1.8, 2.2), (0.95, 1.05)),
        ("version_cost_double_tokens", (1.8, 2.2), (1.9, 2.1)),
        ("version_cost_justified", (2.8, 3.2), (0.95, 1.05)),
        ("version_cost_improved", (0.75, 0.95), (0.75, 0.85)),
    ],
)
def test_version_changes_show_their_planted_ratio(company, key, ratio, tokens):
    model = company.effect(key)["model_name"]
    change = next(c for c in company.truth["version_changes"] if c["model_name"] == model)
    before, after = sides(company, change)
    for side, name in ((before, "before"), (after, "after")):
        cost, requests, total = side
        days = change[f"days_{name}"]
        assert float(cost / days) == pytest.approx(float(change[f"cost_usd_{name}"]), rel=2e-3)
        assert requests / days == pytest.approx(float(change[f"requests_{name}"]), rel=2e-3)
        assert total / requests == pytest.approx(
            float(change[f"tokens_per_request_{name}"]), rel=2e-3
        )
    per_request = float(after[0] / after[1]) / float(before[0] / before[1])
    assert per_request == pytest.approx(change["cost_per_request_ratio"], rel=4e-3)
    assert ratio[0] < per_request < ratio[1]
    assert tokens[0] < (after[2] / after[1]) / (before[2] / before[1]) < tokens[1]


def test_accuracy_falls_while_spend_rises(company):
    drift = company.effect("drift")
    scores = company.rows(
        "select score from staging.stg_quality__evaluations where model_name = ? "
        "and metric = 'accuracy' order by evaluated_at",
        drift["model_name"],
    )
    # 2,000 samples: three standard errors are 0.034
    assert scores[0][0] == pytest.approx(drift["baseline_accuracy"], abs=0.034)
    assert scores[-1][0] == pytest.approx(drift["last_accuracy"], abs=0.034)
    assert scores[-1][0] < scores[0][0] - 0.1
    first, second = company.one(
        "select sum(direct_cost_usd) filter (where date_day < middle), "
        "sum(direct_cost_usd) filter (where date_day >= middle) "
        "from marts.fct_unit_economics_daily, (select cast(? as date) + ? * interval 1 day as "
        "middle) where model_name = ?",
        *(company.truth["first_day"], DAYS // 2, drift["model_name"]),
    )
    assert float(first) == pytest.approx(float(drift["cost_usd_first_half"]), rel=1e-3)
    assert float(second) == pytest.approx(float(drift["cost_usd_second_half"]), rel=1e-3)
    # bursts of a few days decide how much more the second half costs, in some companies less
    planted = float(drift["cost_usd_second_half"]) / float(drift["cost_usd_first_half"])
    assert float(second / first) == pytest.approx(planted, rel=2e-3)


def test_eight_gpus_burn_idle_beside_busy_ones(company, recovery):
    idle = company.effect("idle_burn")
    cost, burnt, hours, utilization = company.one(
        "select sum(cost_usd), sum(idle_cost_usd), sum(gpu_hours), "
        "sum(avg_utilization * gpu_hours) / sum(gpu_hours) from marts.fct_gpu_utilization_hourly "
        "where hostname = ? and hour >= cast(? as timestamp)",
        *(idle["hostname"], idle["from_day"]),
    )
    recovery.money("idle_burn", idle["cost_usd"], burnt)
    assert cost == burnt
    assert hours == pytest.approx(idle["gpu_hours"])
    assert utilization == pytest.approx(idle["mean_utilization"], abs=0.005)
    (busy,) = company.one(
        "select avg(avg_utilization) from marts.fct_gpu_utilization_hourly "
        "where hostname = 'gpu-a100-01' and endpoint = 'rerank'"
    )
    assert busy > 0.70
    gpu = company.truth["gpu"]
    (all_idle,) = company.one("select sum(idle_cost_usd) from marts.fct_gpu_utilization_hourly")
    planted = Decimal(gpu["unallocated_usd"]) + Decimal(gpu["allocated_idle_usd"])
    # an hour's share of a host is a decimal of 12 places
    assert abs(all_idle - planted) < Decimal("0.00001")


def test_one_version_costs_differently_on_each_accelerator(company, recovery):
    found = company.rows(
        "select accelerator, sum(direct_cost_usd), sum(total_tokens) "
        "from marts.fct_unit_economics_daily where model_name = 'embedder' group by 1"
    )
    planted = company.effect("accelerators")["by_accelerator"]
    costs = {name: (cost, tokens) for name, cost, tokens in found}
    assert costs.keys() == {line["accelerator"] for line in planted}
    for line in planted:
        cost, tokens = costs[line["accelerator"]]
        recovery.money(f"accelerators: {line['accelerator']}", line["cost_usd"], cost)
        assert tokens == line["total_tokens"]


def test_the_untagged_endpoint_adds_thirty_percent_to_the_bill(company, recovery):
    planted = company.effect("untagged_endpoint")
    cost, ratio = company.one(
        "select cost_usd, added_ratio from marts.fct_spend_share_monthly "
        "where resource_id = ? and month = cast(? as date)",
        *(planted["resource_id"], planted["month"]),
    )
    recovery.money("untagged_endpoint", planted["cost_usd"], cost)
    assert float(ratio) == pytest.approx(planted["added_ratio"], abs=1e-6)
    assert float(ratio) == pytest.approx(0.30, abs=0.001)


def test_the_api_feature_and_its_twin_cost_what_they_cost(company):
    planted = company.effect("build_vs_buy")
    costs = dict(
        company.rows(
            "select model_version, sum(direct_cost_usd) from marts.fct_unit_economics_daily "
            "where model_name = 'ticket-triage' and date_day >= date '2026-06-01' group by 1"
        )
    )
    assert float(costs["v1"]) == pytest.approx(float(planted["api_cost_usd_30_days"]), rel=1e-9)
    assert costs["v1-int4"] == Decimal(planted["self_hosted_cost_usd_30_days"]) == 4500
    assert 18_500 < costs["v1"] < 21_500
    scores = company.rows(
        "select model_version, avg(score) from staging.stg_quality__evaluations "
        "where model_name = 'ticket-triage' and metric = 'accuracy' group by 1"
    )
    (_, one), (_, other) = scores
    assert one == pytest.approx(other, abs=0.02)


def test_a_sunset_version_is_billed_on(company):
    zombie = company.effect("zombie")
    (cost,) = company.one(
        "select sum(effective_cost_usd) from marts.fct_model_cost_daily "
        "where model_name = ? and model_version = ? and date_day >= cast(? as date) "
        "and allocation_method = 'direct'",
        *(zombie["model_name"], zombie["model_version"], zombie["sunset_date"]),
    )
    assert cost == Decimal(zombie["cost_after_sunset_usd"])
    (calls,) = company.one(
        "select coalesce(sum(requests), 0) from marts.fct_unit_economics_daily "
        "where model_name = ? and date_day >= cast(? as date)",
        *(zombie["model_name"], zombie["sunset_date"]),
    )
    assert calls == 0


def test_jobs_wait_beside_idle_gpus(company):
    found = {
        row[:3]: row[3:]
        for row in company.rows(
            "select cast(date_day as varchar), team, accelerator, jobs, wait_p50_s, wait_p95_s, "
            "allocated_gpu_hours from marts.fct_gpu_queue_daily where jobs > 0"
        )
    }
    daily = company.truth["jobs"]["daily"]
    assert found.keys() == {(r["date_day"], r["team"], r["accelerator"]) for r in daily}
    for line in daily:
        jobs, p50, p95, hours = found[line["date_day"], line["team"], line["accelerator"]]
        assert (jobs, p50) == (line["jobs"], line["wait_p50_s"])
        assert p95 == pytest.approx(line["wait_p95_s"])
        assert hours == pytest.approx(line["allocated_gpu_hours"], abs=1e-5)
    idle = company.rows(
        "select team, accelerator, sum(idle_while_queued_gpu_hours) "
        "from marts.fct_gpu_queue_daily group by all"
    )
    totals = company.truth["jobs"]["totals"]
    assert {(team, name): hours for team, name, hours in idle} == {
        (t["team"], t["accelerator"]): pytest.approx(t["idle_while_queued_gpu_hours"], abs=1e-3)
        for t in totals
    }
    assert max(t["idle_while_queued_gpu_hours"] for t in totals) > 1_000


def test_shared_spend_stages_and_initiatives_are_the_tags_own(company, recovery):
    shared = company.rows(
        "select cost_component, sum(effective_cost_usd) from marts.fct_model_cost_daily "
        "where allocation_method = 'shared' group by 1"
    )
    assert dict(shared).keys() == company.truth["shared_usd"].keys()
    for component, cost in shared:
        recovery.money(f"shared_spend: {component}", company.truth["shared_usd"][component], cost)
    stages = company.rows(
        "select lifecycle_stage, sum(effective_cost_usd) from marts.fct_model_cost_daily "
        "where allocation_method = 'direct' and lifecycle_stage <> 'unattributed' group by 1"
    )
    assert dict(stages) == {k: Decimal(v) for k, v in company.truth["lifecycle_usd"].items()}
    mix = company.rows(
        "select strftime(date_day, '%Y-%m'), initiative, sum(effective_cost_usd) "
        "from marts.fct_model_cost_daily where allocation_method = 'direct' group by all"
    )
    planted = company.truth["initiative_usd"]
    assert {(month, name): cost for month, name, cost in mix} == {
        (month, name): Decimal(cost) for month, by in planted.items() for name, cost in by.items()
    }


def test_a_clean_company_shows_none_of_it(clean, recovery):
    assert clean.truth["effects"] == {}
    (idle,) = clean.one("select sum(idle_cost_usd) from marts.fct_gpu_utilization_hourly")
    recovery.money("clean: idle burn", 0, idle)
    for change in clean.truth["version_changes"]:
        before, after = sides(clean, change)
        per_request = float(after[0] / after[1]) / float(before[0] / before[1])
        assert 0.85 < per_request < 1.15, change["model_name"]
    (added,) = clean.one(
        "select max(added_ratio) from marts.fct_spend_share_monthly where month = date '2026-06-01'"
    )
    assert added < Decimal("0.05")
    (spike,) = clean.one(
        "select max(cost) / median(cost) from (select sum(effective_cost_usd) as cost "
        "from marts.fct_model_cost_daily where model_name = 'chat-assistant' "
        "and lifecycle_stage <> 'fine_tuning' group by date_day)"
    )
    assert spike < 1.2
    (after_sunset,) = clean.one(
        "select coalesce(sum(effective_cost_usd), 0) from marts.fct_model_cost_daily as cost "
        "inner join marts.dim_model_version as version using (model_name, model_version) "
        "where cost.date_day >= version.sunset_date and cost.allocation_method = 'direct'"
    )
    recovery.money("clean: cost after a sunset", 0, after_sunset)
    fall = clean.rows(
        "select model_name, model_version, max(score) - min(score) "
        "from staging.stg_quality__evaluations where metric = 'accuracy' group by all"
    )
    assert all(spread < 0.06 for *_, spread in fall), fall
    wait, queued = clean.one(
        "select max(wait_p50_s), sum(idle_while_queued_gpu_hours) from marts.fct_gpu_queue_daily"
    )
    assert wait < 600
    assert queued == 0

"""Version changes, drift, mix, stages, zombies and verdicts against what was planted."""

from datetime import date

import pytest

# Summed rows of calls spread to the next one, and a few over midnight.
SPREAD = 4e-3


@pytest.mark.parametrize(
    "key",
    [
        "version_cost_double_rate",
        "version_cost_double_tokens",
        "version_cost_justified",
        "version_cost_improved",
    ],
)
def test_a_version_change_costs_what_was_planted_and_is_judged_so(company, recovery, key):
    planted = company.effect(key)
    before, after, volume, intensity, rate, spike, justified, cutover = company.one(
        "select cost_before_usd, cost_after_usd, volume_effect_usd, intensity_effect_usd, "
        "rate_effect_usd, is_cost_spike, is_justified, cast(cutover_date as varchar) "
        "from marts.fct_version_changes "
        "where model_name = ? and from_version = ? and to_version = ? and basis = 'before_after'",
        *(planted["model_name"], planted["from_version"], planted["to_version"]),
    )
    change = float(planted["cost_usd_after"]) - float(planted["cost_usd_before"])
    tolerance = SPREAD * float(planted["cost_usd_after"])
    recovery.money(f"{key}: cost a day", change, after - before, usd=tolerance)
    assert volume + intensity + rate == after - before
    assert (cutover, spike, justified) == (
        planted["cutover_date"],
        planted["is_cost_spike"],
        planted["is_justified"],
    )
    if key == "version_cost_double_tokens":
        assert intensity > 0.9 * float(after - before)
    if key == "version_cost_double_rate":
        assert rate > 0.9 * float(after - before)


def test_drift_costs_what_was_planted(company, recovery):
    planted = company.effect("drift")
    # a few calls near midnight change the week, in the baseline and in the week itself
    weekly = {line["week"]: line for line in planted["weekly"]}
    found = {
        week: (cost, drift)
        for week, cost, drift in company.rows(
            "select cast(week as varchar), cost_usd, drift_cost_usd "
            "from marts.fct_drift_cost_weekly where model_name = ? and model_version = ?",
            *(planted["model_name"], planted["model_version"]),
        )
    }
    assert found.keys() == weekly.keys()
    total = sum(float(line["cost_usd"]) for line in planted["weekly"])
    for week, line in weekly.items():
        assert float(found[week][1]) == pytest.approx(
            float(line["drift_cost_usd"]), abs=5e-3 * float(line["cost_usd"])
        )
    recovery.money(
        "drift",
        sum(float(line["drift_cost_usd"]) for line in planted["weekly"]),
        sum(drift for _, drift in found.values()),
        usd=1e-3 * total,
    )


def test_the_mix_is_what_was_planted(company, recovery):
    by_month = company.effect("portfolio_mix")["by_month_usd"]
    found = {
        (month, initiative): cost
        for month, initiative, cost in company.rows(
            "select strftime(month, '%Y-%m'), initiative, cost_usd "
            "from marts.fct_portfolio_mix_monthly"
        )
    }
    for month, initiatives in by_month.items():
        for initiative, cost in initiatives.items():
            recovery.money(
                f"portfolio_mix: {initiative}", cost, found.get((month, initiative)), rel=2e-3
            )
    shares = company.rows("select sum(share) from marts.fct_portfolio_mix_monthly group by month")
    assert all(share == pytest.approx(1) for (share,) in shares)


def test_training_is_whole_in_its_month(company, recovery):
    for burst in company.effect("training_bursts")["bursts"]:
        (cost,) = company.one(
            "select sum(cost_usd) from marts.fct_lifecycle_cost_monthly "
            "where model_name = ? and model_version = ? and lifecycle_stage = ?",
            *(burst["model_name"], burst["model_version"], burst["lifecycle_stage"]),
        )
        recovery.money(f"training_bursts: {burst['lifecycle_stage']}", burst["cost_usd"], cost)


def test_the_sunset_version_is_the_only_zombie(company, recovery):
    planted = company.effect("zombie")
    zombies = company.rows(
        "select model_name, model_version, zombie_reason from marts.dim_model_version "
        "where is_zombie"
    )
    assert zombies == [(planted["model_name"], planted["model_version"], "cost after sunset")]
    (found,) = company.one(
        "select sum(cost_usd) from marts.fct_lifecycle_cost_monthly "
        "where model_name = ? and model_version = ? and lifecycle_stage = 'sunset'",
        *zombies[0][:2],
    )
    recovery.money("zombie", planted["cost_after_sunset_usd"], found)


def test_verdicts_are_those_of_the_story(company):
    verdicts = {
        (model, version): (verdict, set(rules))
        for model, version, verdict, rules in company.rows(
            "select model_name, model_version, any_value(verdicts.verdict), list(rule) "
            "from marts.fct_model_verdicts as verdicts "
            "inner join marts.fct_verdict_reasons using (model_name, model_version) group by all"
        )
    }
    verdict, rules = verdicts["query-tagger", "v1"]
    assert (verdict, "zombie" in rules) == ("eliminate", True)
    for model, version, rule in (
        ("recommender", "v2", "unjustified_version_spike"),
        ("chat-assistant", "v2", "unjustified_version_spike"),
        ("chat-assistant", "v2", "valueless_spike"),
        ("search-ranker", "v2", "idle"),
        ("ticket-triage", "v1", "better_offer"),
    ):
        verdict, rules = verdicts[model, version]
        assert (verdict, rule in rules) == ("optimize", True), (model, version, verdict, rules)
    verdict, rules = verdicts["doc-summarizer", "v1"]
    assert verdict == "optimize"
    # June's weeks are the trailing days' own; five weeks of decay are about a tenth of the cost
    june = [w for w in company.effect("drift")["weekly"] if w["week"] >= "2026-06"]
    lost = sum(float(week["drift_cost_usd"]) for week in june)
    (cost,) = company.one(
        "select monthly_cost_usd from marts.fct_model_verdicts where model_name = 'doc-summarizer'"
    )
    if abs(lost / float(cost) - 0.10) > 0.0005:
        assert ("drift" in rules) == (lost / float(cost) > 0.10)
    assert verdicts["listing-writer", "v2"][0] == "justify"
    assert verdicts["support-copilot", "v2"][0] == "justify"


def test_a_clean_company_gives_no_reason_that_was_not_there(clean, recovery):
    (spikes,) = clean.one(
        "select count(*) from marts.fct_version_changes "
        "where is_cost_spike and basis = 'before_after'"
    )
    assert spikes == 0
    (zombies,) = clean.one("select count(*) from marts.dim_model_version where is_zombie")
    assert zombies == 0
    rules = clean.rows(
        "select distinct rule, model_name, model_version from marts.fct_verdict_reasons "
        "where verdict <> 'justify' and rule <> 'value_unmeasured'"
    )
    assert rules == []
    (stake,) = clean.one(
        "select coalesce(sum(dollars_at_stake), 0) from marts.fct_verdict_reasons "
        "where verdict <> 'justify' and rule <> 'value_unmeasured'"
    )
    recovery.money("clean: money at stake in a verdict", 0, stake)
    drift, cost = clean.one(
        "select sum(abs(drift_cost_usd)), sum(cost_usd) from marts.fct_drift_cost_weekly"
    )
    # the noise of an evaluation's samples, and fleets whose calls vary while their cost does not
    recovery.money("clean: drift", 0, drift, usd=0.04 * float(cost))
    assert clean.truth["last_day"] == str(date(2026, 6, 30))

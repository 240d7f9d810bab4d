"""What is bought dearly and could run at home is a registered alternative, with its money."""

from decimal import Decimal
from math import ceil

import pytest

JUNE = "month = date '2026-06-01'"


def test_the_planted_twin_is_a_registered_alternative(company, recovery):
    planted = company.effect("build_vs_buy")
    row = company.one(
        "select actual_cost_usd, alternative_cost_usd, saving_usd, gpus, hours, accelerator, "
        "tokens_per_second, throughput_source, peak_tokens_per_second, basis "
        f"from marts.fct_build_vs_buy_monthly where {JUNE} and model_name = ? "
        "and model_version = ? and alternative = 'version:' || ? || ':on_demand'",
        *(planted["model_name"], planted["api_version"], planted["self_hosted_version"]),
    )
    actual, alternative, saving, gpus, hours, accelerator, per_gpu, source, peak, basis = row
    assert (basis, accelerator, hours) == ("registered", planted["accelerator"], 720)
    recovery.money("build_vs_buy: by API", planted["api_cost_usd_30_days"], actual, rel=1e-9)
    # Where the twin was busy for a day of hours, what it sustained at 70 % is known: less than the
    # price list says, and one GPU more.
    assert gpus == ceil(peak / per_gpu)
    assert gpus == planted["gpus"] or (source == "measured" and gpus == planted["gpus"] + 1)
    one = Decimal(planted["self_hosted_cost_usd_30_days"]) / planted["gpus_running"]
    recovery.money("build_vs_buy: at home", one * gpus, alternative)
    assert one == 1125
    assert saving == actual - alternative
    assert float(peak) == pytest.approx(planted["peak_tokens_per_second"], rel=0.01)


def test_the_twin_answers_as_well(company):
    planted = company.effect("build_vs_buy")
    quality, other = company.one(
        "select quality, alternative_quality from marts.fct_build_vs_buy_monthly "
        f"where {JUNE} and model_name = ? and model_version = ? and basis = 'registered' "
        "and alternative_kind = 'on_demand'",
        *(planted["model_name"], planted["api_version"]),
    )
    assert float(quality) == pytest.approx(float(other), abs=0.02)


def test_the_way_back_is_dearer_and_breaks_even_at_the_same_volume(company):
    """The twin, run as the truth says it is, against the version that is bought."""
    planted = company.effect("build_vs_buy")
    actual, alternative, mtok, utilization, tokens = company.one(
        "select actual_cost_usd, alternative_cost_usd, break_even_mtok, break_even_utilization, "
        f"total_tokens from marts.fct_build_vs_buy_monthly where {JUNE} and model_name = ? "
        "and model_version = ? and alternative = 'version:' || ?",
        *(planted["model_name"], planted["self_hosted_version"], planted["api_version"]),
    )
    assert actual == Decimal(planted["self_hosted_cost_usd_30_days"])
    # list price, by token type: the vendor bills it
    assert float(alternative) == pytest.approx(float(planted["api_cost_usd_30_days"]), rel=0.02)
    assert float(mtok) == pytest.approx(tokens / 1e6 * float(actual / alternative), rel=1e-6)
    assert 0 < utilization < 1


def test_every_version_meets_every_accelerator_and_every_other_vendor_model(company):
    missing = company.rows(
        "select usage.month, usage.model_name, usage.model_version, price.accelerator "
        "from intermediate.int_alternatives__usage as usage cross join "
        "(select distinct accelerator from staging.stg_prices__gpu_prices) as price "
        "where not exists (from marts.fct_build_vs_buy_monthly as mart "
        "where mart.month = usage.month and mart.model_name = usage.model_name "
        "and mart.model_version = usage.model_version "
        "and mart.alternative = 'gpu:' || price.accelerator || ':on_demand')"
    )
    assert missing == []
    (own,) = company.one(
        "select count(*) from marts.fct_build_vs_buy_monthly as mart "
        "inner join marts.dim_model_version as version using (model_name, model_version) "
        "where version.hosting = 'api' and mart.basis = 'indicative' "
        "and mart.provider_model = version.provider_model"
    )
    assert own == 0

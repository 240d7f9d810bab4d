"""The jobs hold what they say, and their configuration is one that Dagster takes."""

from datetime import timedelta
from pathlib import Path

import dagster as dg
import pytest
from small_deliveries import write_billing, write_requests

from ingestion import SYSTEMS
from ingestion.lake import Lake
from pipelines.definitions import build_definitions
from pipelines.forecasting.rescore import RESCORES_KEY
from pipelines.home import HomePaths
from pipelines.jobs import REBUILT_KEY
from pipelines.resources import HomeResource


@pytest.fixture(autouse=True)
def folders(monkeypatch: pytest.MonkeyPatch):
    for name in ("VALUEOPS_INPUTS", "VALUEOPS_HOME"):
        monkeypatch.setenv(name, "/nowhere")


@pytest.fixture(scope="module")
def definitions() -> dg.Definitions:
    return build_definitions()


def keys(definitions: dg.Definitions, job: str) -> set[dg.AssetKey]:
    return set(definitions.resolve_job_def(job).asset_layer.executable_asset_keys)


def test_retraining_is_a_refresh_that_goes_on_and_retrains(definitions):
    job = definitions.resolve_job_def("retrain_forecasts")
    assert keys(definitions, "retrain_forecasts") == keys(definitions, "refresh")
    ops = job.run_config["ops"]
    assert ops["warehouse"]["config"]["go_on"] is True
    assert ops["forecasts"]["config"]["retrain"] is True
    dg.validate_run_config(job, job.run_config)
    assert job.partitions_def is None


def test_retraining_is_weekly_and_asked_for(definitions):
    schedule = definitions.resolve_schedule_def("weekly_retraining")
    assert (schedule.job_name, schedule.cron_schedule) == ("retrain_forecasts", "0 3 * * 1")
    assert schedule.default_status is dg.DefaultScheduleStatus.STOPPED


def test_a_past_cutoff_is_scored_by_a_job_of_its_own(definitions):
    assert keys(definitions, "rescore_forecasts") == {RESCORES_KEY}
    assert RESCORES_KEY not in keys(definitions, "refresh")
    job = definitions.resolve_job_def("rescore_forecasts")
    (op,) = (node.name for node in job.nodes)
    dg.validate_run_config(job, {"ops": {op: {"config": {"cutoff": "2026-06-01T00:00"}}}})
    with pytest.raises(dg.DagsterInvalidConfigError):
        dg.validate_run_config(job, {"ops": {op: {"config": {}}}})


def test_every_schedule_is_in_utc_described_and_stopped(definitions):
    schedules = {
        schedule.name: definitions.resolve_schedule_def(schedule.name)
        for schedule in definitions.schedules
    }
    assert {name: (s.job_name, s.cron_schedule) for name, s in schedules.items()} == {
        "hourly_ingest": ("ingest", "20 * * * *"),
        "hourly_alerts": ("send_alerts", "30 * * * *"),
        "weekly_compaction": ("compact_lake", "30 4 * * 0"),
        "weekly_subscriptions": ("send_subscriptions", "0 7 * * 1"),
        "daily_refresh": ("refresh", "0 6 * * *"),
        "weekly_retraining": ("retrain_forecasts", "0 3 * * 1"),
        "monthly_close": ("monthly_close", "0 8 * * *"),
    }
    for schedule in schedules.values():
        assert schedule.execution_timezone == "UTC"
        assert schedule.description
        assert schedule.default_status is dg.DefaultScheduleStatus.STOPPED


def test_every_job_is_described_owned_and_ends(definitions):
    for listed in definitions.jobs:
        job = definitions.resolve_job_def(listed.name)
        assert job.description and job.tags["owner"] == "team:finops"
        assert int(job.run_tags["dagster/max_runtime"]) >= 3600
        assert job.run_tags["dagster/retry_strategy"] == "ALL_STEPS"


def test_a_close_is_a_refresh_that_goes_on_and_closes(definitions):
    job = definitions.resolve_job_def("monthly_close")
    assert keys(definitions, "monthly_close") == keys(definitions, "refresh")
    assert job.run_config["ops"]["lake__billing_closes"]["config"] == {"close": True}
    dg.validate_run_config(job, job.run_config)


def test_days_are_built_again_by_a_job_of_daily_partitions(definitions):
    assert keys(definitions, "rebuild_days") == {REBUILT_KEY}
    assert REBUILT_KEY not in keys(definitions, "refresh")
    job = definitions.resolve_job_def("rebuild_days")
    assert isinstance(job.partitions_def, dg.DailyPartitionsDefinition)


def test_each_source_says_how_old_it_may_be(definitions):
    specs = {spec.key: spec for spec in definitions.resolve_all_asset_specs()}

    def window(table: str) -> timedelta:
        policy = specs[dg.AssetKey(["lake", table])].freshness_policy
        return policy.fail_window.to_timedelta()

    assert window("gpu_metrics") == window("llm_requests") == timedelta(hours=6)
    assert window("billing") == timedelta(hours=72)
    assert all(window(table) for tables in SYSTEMS.values() for table in tables)


def test_ingest_fills_the_lake_and_leaves_the_warehouse(definitions, tmp_path: Path):
    inputs, paths = tmp_path / "inputs", HomePaths.at(tmp_path / "home")
    write_billing(inputs, "2025-03.csv", days=2)
    write_requests(inputs, hours=2)
    result = definitions.resolve_job_def("ingest").execute_in_process(
        resources={"home": HomeResource(inputs=str(inputs), home=str(paths.root))}
    )
    assert result.success
    loaded = Lake(paths.root).ledger()["source"].to_pylist()
    assert loaded == ["llm_requests"]
    assert not paths.warehouse.exists() and not paths.build.exists()

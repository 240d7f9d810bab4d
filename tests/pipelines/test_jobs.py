"""The jobs hold what they say, and their configuration is one that Dagster takes."""

import dagster as dg
import pytest

from pipelines.definitions import build_definitions
from pipelines.rescore_assets import RESCORES_KEY


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

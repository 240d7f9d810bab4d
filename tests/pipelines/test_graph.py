"""The graph as a whole: what there is, that no edge is missing, and in which step each check runs.

`UPDATE_SNAPSHOTS=1 pytest tests/pipelines/test_graph.py` writes the snapshot again; its diff is
what a reviewer reads.
"""

import json
import os
from pathlib import Path

import dagster as dg
import pytest

from ingestion import SYSTEMS
from pipelines.definitions import build_definitions
from pipelines.home import DBT_PROJECT_DIR
from pipelines.jobs import REBUILT_KEY
from pipelines.publish import PUBLISHED_KEY
from pipelines.report_assets import report_key
from reports import render

SNAPSHOT = Path(__file__).with_name("snapshots") / "assets.txt"


@pytest.fixture(scope="module")
def definitions() -> dg.Definitions:
    return build_definitions()


@pytest.fixture(scope="module")
def specs(definitions: dg.Definitions) -> dict[dg.AssetKey, dg.AssetSpec]:
    return {spec.key: spec for spec in definitions.resolve_all_asset_specs()}


def upstream(specs: dict[dg.AssetKey, dg.AssetSpec], key: dg.AssetKey) -> set[dg.AssetKey]:
    found: set[dg.AssetKey] = set()
    queue = [key]
    while queue:
        for dep in specs[queue.pop()].deps:
            if dep.asset_key not in found:
                found.add(dep.asset_key)
                queue.append(dep.asset_key)
    return found


def test_assets_by_group(specs: dict[dg.AssetKey, dg.AssetSpec]) -> None:
    listed = "".join(
        f"{spec.group_name} {spec.key.to_user_string()}\n"
        for spec in sorted(specs.values(), key=lambda spec: (spec.group_name or "", spec.key))
    )
    if os.environ.get("UPDATE_SNAPSHOTS"):
        SNAPSHOT.write_text(listed)
    assert listed == SNAPSHOT.read_text()


def test_every_dependency_is_made_by_somebody(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    assert graph.external_asset_keys == set()


def test_every_page_is_an_asset(specs: dict[dg.AssetKey, dg.AssetSpec]) -> None:
    pages = {report_key(page) for page in render.PAGES}
    assert {key for key, spec in specs.items() if spec.group_name == "reports"} == pages


@pytest.mark.parametrize("end", [PUBLISHED_KEY, *map(report_key, render.PAGES)], ids=str)
def test_every_lake_table_leads_to_every_report(
    specs: dict[dg.AssetKey, dg.AssetSpec], end: dg.AssetKey
) -> None:
    before_end = upstream(specs, end)
    for tables in SYSTEMS.values():
        for table in tables:
            assert dg.AssetKey(["lake", table]) in before_end
    # nothing that comes before publication is beside the way to this end
    published = {key for key in specs if PUBLISHED_KEY in upstream(specs, key)} | {PUBLISHED_KEY}
    assert set(specs) - published - {REBUILT_KEY} == before_end - {PUBLISHED_KEY}


@pytest.mark.parametrize("name", ["role_files", "alert_messages"])
def test_what_is_handed_on_comes_from_the_published_warehouse(
    specs: dict[dg.AssetKey, dg.AssetSpec], name: str
) -> None:
    assert PUBLISHED_KEY in upstream(specs, dg.AssetKey(name))


def test_forecasts_lie_between_demand_and_their_marts(
    specs: dict[dg.AssetKey, dg.AssetSpec],
) -> None:
    forecast_mart = upstream(specs, dg.AssetKey(["marts", "gpu_demand_forecast"]))
    assert dg.AssetKey(["lake", "demand_forecasts"]) in forecast_mart
    assert dg.AssetKey(["marts", "fct_gpu_demand_hourly"]) in forecast_mart


def test_the_plan_lies_between_forecasts_and_its_mart(
    specs: dict[dg.AssetKey, dg.AssetSpec],
) -> None:
    plan_mart = upstream(specs, dg.AssetKey(["marts", "gpu_capacity_plan"]))
    assert dg.AssetKey(["lake", "demand_forecasts"]) in plan_mart
    assert dg.AssetKey(["intermediate", "int_capacity__prices"]) in plan_mart


def test_publication_waits_for_every_dbt_asset(specs: dict[dg.AssetKey, dg.AssetSpec]) -> None:
    published = {dep.asset_key for dep in specs[dg.AssetKey("published_warehouse")].deps}
    dbt = {key for key, spec in specs.items() if "dagster/kind/dbt" in spec.tags}
    assert dbt and dbt == published


def test_every_asset_says_what_it_is_and_whose(specs: dict[dg.AssetKey, dg.AssetSpec]) -> None:
    for spec in specs.values():
        assert spec.owners, spec.key
        assert spec.description, spec.key
        assert spec.kinds, spec.key


def test_every_dbt_test_is_a_check_and_errors_block(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    checks = {key.name: graph.get_check_spec(key) for key in graph.asset_check_keys}
    manifest = json.loads((DBT_PROJECT_DIR / "target" / "manifest.json").read_text())
    tests = [node for node in manifest["nodes"].values() if node["resource_type"] == "test"]
    assert tests
    for test in tests:
        severity = test["config"]["severity"].lower()
        assert checks[test["name"]].blocking == (severity == "error"), test["name"]
    assert checks["read_equals_loaded_plus_quarantined"].blocking


def test_one_job_and_its_schedule(definitions: dg.Definitions) -> None:
    job = definitions.resolve_job_def("refresh")
    graph = definitions.resolve_asset_graph()
    # scores of a past hour, and days built again, are made when somebody asks
    asked_for = {dg.AssetKey(["lake", "demand_rescores"]), REBUILT_KEY}
    assert job.asset_layer.executable_asset_keys == graph.executable_asset_keys - asked_for
    schedule = definitions.resolve_schedule_def("daily_refresh")
    assert schedule.cron_schedule == "0 6 * * *"
    assert schedule.execution_timezone == "UTC"
    assert schedule.job_name == "refresh"


def test_steps_run_in_one_process_and_share_one_pool(definitions: dg.Definitions) -> None:
    job = definitions.resolve_job_def("refresh")
    assert job.executor_def.name == "in_process"
    pools = {node.name: node.definition.pool for node in job.nodes if node.definition.pool}
    assert pools == dict.fromkeys(
        [
            *("warehouse", "forecasts", "capacity_plan", "forecast_marts", "published_warehouse"),
            "lake__billing_closes",
        ],
        "build_file",
    )

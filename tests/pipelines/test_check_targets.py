"""Where a test of several models is shown."""

from typing import Any

from pipelines.check_targets import with_targets


def node(name: str, schema: str) -> dict[str, Any]:
    unique_id = f"model.p.{name}"
    return {
        "unique_id": unique_id,
        "resource_type": "model",
        "name": name,
        "schema": schema,
        "config": {},
    }


def dbt_test(name: str, attached: str | None = None, **meta: Any) -> dict[str, Any]:
    return {
        "unique_id": f"test.p.{name}",
        "resource_type": "test",
        "name": name,
        "attached_node": attached,
        "config": {"meta": meta},
    }


def manifest(test: dict[str, Any], *parents: str) -> dict[str, Any]:
    models = [node("stg_a", "staging"), node("fct_b", "marts"), node("gpu_forecast", "marts")]
    nodes = {model["unique_id"]: model for model in [*models, test]}
    source = "source.p.lake.demand_forecasts"
    return {
        "nodes": nodes,
        "sources": {source: {"name": "demand_forecasts"}},
        "parent_map": {
            **{unique_id: [] for unique_id in nodes},
            "model.p.gpu_forecast": [source],
            test["unique_id"]: [f"model.p.{parent}" for parent in parents],
        },
        "child_map": {source: ["model.p.gpu_forecast"]},
    }


def target(test: dict[str, Any], *parents: str) -> str | None:
    changed = with_targets(manifest(test, *parents), {"demand_forecasts"})
    meta = changed["nodes"][test["unique_id"]]["config"]["meta"]
    return meta.get("dagster", {}).get("ref", {}).get("name")


def test_a_public_model_is_the_target() -> None:
    assert target(dbt_test("t"), "stg_a", "fct_b") == "fct_b"


def test_a_test_that_reads_forecasts_belongs_to_them() -> None:
    assert target(dbt_test("t"), "fct_b", "gpu_forecast") == "gpu_forecast"
    attached = dbt_test("relationships", attached="model.p.fct_b")
    assert target(attached, "fct_b", "gpu_forecast") == "gpu_forecast"


def test_what_is_clear_already_is_left_alone() -> None:
    assert target(dbt_test("t"), "stg_a") is None
    assert target(dbt_test("t", attached="model.p.stg_a"), "stg_a", "fct_b") is None
    own = dbt_test("t", dagster={"ref": {"name": "stg_a"}})
    assert target(own, "stg_a", "fct_b") == "stg_a"


def test_the_given_manifest_is_not_changed() -> None:
    test = dbt_test("t")
    given = manifest(test, "stg_a", "fct_b")
    with_targets(given, {"demand_forecasts"})
    assert test["config"]["meta"] == {}

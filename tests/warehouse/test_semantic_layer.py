"""The semantic models ask their marts for columns that are there; dbt itself checks the rest.

`dbt parse`, which every run of dbt begins with, refuses a metric without its measure and a manifest
that MetricFlow would not read.
"""

from pathlib import Path

import pytest
import yaml
from contract_marts import create_marts, mart_contracts

SEMANTIC = Path(__file__).parents[2] / "dbt_project/models/semantic"
FILES = [yaml.safe_load(path.read_text()) for path in sorted(SEMANTIC.glob("_*__semantic.yml"))]
MODELS = [model for file in FILES for model in file["semantic_models"]]
METRICS = [metric for file in FILES for metric in file["metrics"]]
AGGREGATES = {"sum": "sum", "average": "avg", "max": "max", "count_distinct": "count"}


@pytest.fixture(scope="module")
def marts(tmp_path_factory):
    with create_marts(tmp_path_factory.mktemp("marts") / "warehouse.duckdb") as connection:
        yield connection


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model["name"])
def test_dimensions_and_measures_are_in_the_mart(marts, model):
    mart = model["model"].removeprefix("ref('").removesuffix("')")
    dimensions = [d.get("expr", d["name"]) for d in model["dimensions"]]
    measures = [f"{AGGREGATES[m['agg']]}({m['expr']})" for m in model["measures"]]
    marts.execute(
        f"select {', '.join([*dimensions, *measures])} from marts.{mart} group by all"
    ).fetchall()


def test_the_metrics_that_are_asked_for_are_there():
    names = {metric["name"] for metric in METRICS}
    assert names >= {
        "cost_per_mtok",
        "loaded_cost",
        "utilization",
        "idle_burn",
        "roi",
        "drift_cost",
        "tag_coverage",
        "forecast_error",
    }


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric["name"])
def test_a_metric_says_what_it_is(metric):
    assert metric["label"]
    assert metric["description"].endswith(".")


@pytest.mark.parametrize("mart", sorted(mart_contracts()))
def test_every_column_of_a_mart_is_described(mart):
    assert [c["name"] for c in mart_contracts()[mart] if not c.get("description")] == []

"""`dbt docs generate` works, and its pages know every mart, metric and exposure."""

import json

from dbt_runs import DbtHome
from empty_lake import write_empty_lake


def test_dbt_docs_build(tmp_path):
    home = DbtHome(tmp_path)
    write_empty_lake(tmp_path)
    results = home.run("docs", "generate", "--empty-catalog")
    assert [result.message for result in results if result.status != "success"] == []
    manifest = json.loads((home.target / "manifest.json").read_text())
    described = {node["name"] for node in manifest["nodes"].values() if node["description"]}
    assert {"fct_model_verdicts", "fct_model_cost_daily", "dim_model_version"} <= described
    assert {"capacity_report", "deploy_gate", "explain_command"} <= {
        exposure["name"] for exposure in manifest["exposures"].values()
    }
    assert "metric.valueops.cost_per_mtok" in manifest["metrics"]
    assert (home.target / "index.html").stat().st_size > 0

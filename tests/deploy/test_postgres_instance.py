"""Dagster as deploy/ sets it up, on a real PostgreSQL: migrate, queue, daemon, a run that ends."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg2
import pytest
from dagster_server import DEPLOY, ask, dagster, free_port, postgres, postgres_program, wait_for_end

from ingestion.lake import Lake

# The colon, the slash and the percent sign are what a careless address would trip over.
PASSWORD = "a:b/c%20@d"  # noqa: S105
LAUNCH = """
mutation($assets: [AssetKeyInput!]!) {
  launchRun(executionParams: {
    selector: {repositoryLocationName: "valueops", repositoryName: "__repository__",
               jobName: "refresh", assetSelection: $assets}
  }) {
    __typename
    ... on LaunchRunSuccess {run {runId}}
    ... on PythonError {message}
  }
}
"""

pytestmark = pytest.mark.skipif(
    postgres_program("initdb") is None,
    reason="PostgreSQL is not installed: initdb is neither on PATH nor in /usr/lib/postgresql",
)


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """The environment that deploy/ asks for, but for PostgreSQL's port."""
    home = tmp_path / "home"
    (home / ".dagster").mkdir(parents=True)
    shutil.copy(DEPLOY / "dagster.yaml", home / ".dagster" / "dagster.yaml")
    roles = tmp_path / "inputs" / "roles"
    roles.mkdir(parents=True)
    (roles / "roles.csv").write_text("role,team\nhead,search\nhead,ads\n")
    return os.environ | {
        "VALUEOPS_INPUTS": str(tmp_path / "inputs"),
        "VALUEOPS_HOME": str(home),
        "DAGSTER_HOME": str(home / ".dagster"),
        "VALUEOPS_CODE_HOST": "127.0.0.1",
        "VALUEOPS_CODE_PORT": str(free_port()),
        "DAGSTER_PG_HOST": "127.0.0.1",
        "DAGSTER_PG_DB": "dagster",
        "DAGSTER_PG_USERNAME": "dagster",
        "DAGSTER_PG_PASSWORD": PASSWORD,
        "DO_NOT_TRACK": "1",
    }


def test_a_run_goes_through_queue_and_daemon_into_postgres(env: dict[str, str], tmp_path: Path):
    with postgres(PASSWORD) as port:
        env["DAGSTER_PG_PORT"] = str(port)
        connect = {"host": "127.0.0.1", "port": port, "user": "dagster", "password": PASSWORD}
        administrator = psycopg2.connect(dbname="postgres", **connect)
        administrator.autocommit = True
        administrator.cursor().execute("create database dagster")
        administrator.close()
        migrate = [Path(sys.executable).with_name("dagster"), "instance", "migrate"]
        done = subprocess.run(migrate, env=env, check=False, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        with dagster(env, tmp_path) as web:
            assets = [{"path": ["lake", "roles"]}]
            launched = ask(web, LAUNCH, assets=assets)["launchRun"]
            assert launched["__typename"] == "LaunchRunSuccess", launched
            run_id = launched["run"]["runId"]
            assert wait_for_end(web, run_id, 300) == "SUCCESS", (tmp_path / "code.log").read_text()
        with psycopg2.connect(dbname="dagster", **connect) as database:
            cursor = database.cursor()
            cursor.execute("select status from runs where run_id = %s", (run_id,))
            assert cursor.fetchall() == [("SUCCESS",)]
            cursor.execute(
                "select distinct dagster_event_type from event_logs where run_id = %s", (run_id,)
            )
            events = {kind for (kind,) in cursor.fetchall()}
        database.close()
    # It waited in the queue, the daemon took it out, and the code location did the work.
    assert {"PIPELINE_ENQUEUED", "PIPELINE_STARTING", "ASSET_MATERIALIZATION"} <= events
    (row,) = Lake(Path(env["VALUEOPS_HOME"])).ledger().to_pylist()
    assert (row["source"], row["rows_loaded"]) == ("roles", 2)
    # Nothing of Dagster's own is in a file of the home but its logs.
    assert not list(Path(env["DAGSTER_HOME"]).rglob("*.db"))

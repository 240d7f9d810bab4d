"""`valueops compact` and the job that does the same: what they say, and when they refuse."""

import fcntl
import json
from datetime import UTC, datetime

import dagster as dg
import pytest
from empty_lake import LOAD_LINE, write_empty_lake

from ingestion.load import load_system
from pipelines.errors import HomeLockedError, UserError
from pipelines.home import HomePaths
from pipelines.resources import HomeResource
from pipelines.upkeep.compaction import Compaction
from pipelines.upkeep.job import compact_lake, weekly_compaction

NOW = datetime(2026, 6, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory) -> HomePaths:
    root = tmp_path_factory.mktemp("compact")
    (root / "inputs" / "roles").mkdir(parents=True)
    for number in range(3):
        (root / "inputs" / "roles" / f"{number}.csv").write_text(f"role,team\nr{number},t\n")
        load_system("roles", root / "inputs", root / "home")
    return HomePaths.at(root / "home")


def test_it_says_what_it_did_and_notes_it(loaded):
    job = compact_lake.execute_in_process(
        resources={"home": HomeResource(inputs="/nowhere", home=str(loaded.root))},
        run_config={"ops": {"compact_tables": {"config": {"keep_days": 30}}}},
    )
    assert job.success
    notes = (loaded.logs / "compaction.jsonl").read_text().splitlines()
    assert {json.loads(note)["table"] for note in notes} == {"load_ledger", "roles"}
    (roles,) = [note for note in map(json.loads, notes) if note["table"] == "roles"]
    assert (roles["files_before"], roles["files_after"], roles["rows_removed"]) == (3, 2, 0)
    # without a warehouse nothing could be removed, and the second time there is nothing to merge
    first, last = Compaction(loaded, keep_days=30).run(NOW)
    assert first.startswith("nothing is removed, only merged: there is no published warehouse yet")
    assert last.startswith("nothing to do")


def test_a_home_without_a_lake_is_told(tmp_path):
    with pytest.raises(UserError, match="no lake yet; run valueops refresh first"):
        list(Compaction(HomePaths.at(tmp_path)).run(NOW))
    assert not list(tmp_path.iterdir())


def test_a_home_that_is_being_refreshed_is_left_alone(tmp_path):
    write_empty_lake(tmp_path)
    with (tmp_path / ".lock").open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(HomeLockedError, match="is being refreshed"):
            list(Compaction(HomePaths.at(tmp_path)).run(NOW))


def test_a_run_ends_what_a_killed_compaction_began_before_it_reads(tmp_path):
    write_empty_lake(tmp_path)
    loads = tmp_path / "lake" / "_dlt_loads"
    old = next(loads.glob("*.jsonl")).name
    (loads / ".merged.1.jsonl.staged").write_text(LOAD_LINE)
    journal = {"table": "_dlt_loads", "new": "merged.1.jsonl", "old": [old]}
    (tmp_path / ".compaction.json").write_text(json.dumps(journal))

    @dg.op
    def look(home: HomeResource) -> list[str]:
        return sorted(path.name for path in (home.paths.lake / "_dlt_loads").iterdir())

    @dg.job
    def look_at_lake() -> None:
        look()

    home = HomeResource(inputs="/nowhere", home=str(tmp_path))
    seen = look_at_lake.execute_in_process(resources={"home": home}).output_for_node("look")
    assert seen == ["merged.1.jsonl"]


def test_the_schedule_starts_stopped():
    assert weekly_compaction.default_status is dg.DefaultScheduleStatus.STOPPED
    assert (weekly_compaction.job_name, weekly_compaction.cron_schedule) == (
        "compact_lake",
        "30 4 * * 0",
    )

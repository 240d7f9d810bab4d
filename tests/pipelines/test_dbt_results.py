import json
from pathlib import Path

import duckdb
import pytest

from pipelines.dbt_results import DbtOutcome, read_outcome


@pytest.fixture
def build(tmp_path: Path) -> Path:
    path = tmp_path / "build.duckdb"
    with duckdb.connect(path) as connection:
        connection.execute("create table money as select * from range(8) as t(usd)")
    return path


def results(tmp_path: Path, *rows: dict[str, object]) -> Path:
    target = tmp_path / "target"
    target.mkdir()
    (target / "run_results.json").write_text(json.dumps({"results": rows}))
    return target


def result(kind: str, name: str, status: str, **more: object) -> dict[str, object]:
    return {"unique_id": f"{kind}.valueops.{name}", "status": status, "message": None} | more


def test_failing_rows_tell_their_story(build: Path, tmp_path: Path) -> None:
    target = results(
        tmp_path,
        result("model", "fine", "success"),
        result(
            "test",
            "delivery",
            "fail",
            failures=8,
            compiled_code="select usd, 'lost ' || usd as message from money order by usd",
        ),
        result("test", "grain", "fail", failures=1, compiled_code="from money where usd = 3"),
        result("test", "odd", "warn", failures=2),
    )
    outcome = read_outcome(target, build)
    story, plain = outcome.failed_checks
    assert (story.name, story.summary) == ("delivery", "8 rows")
    assert story.rows == ("lost 0", "lost 1", "lost 2", "lost 3", "lost 4")
    assert (plain.name, plain.summary, plain.rows) == ("grain", "1 row", ("usd=3",))
    assert outcome.warnings == ("odd: 2 rows",)
    assert outcome.errors == ()


def test_a_model_that_cannot_run_is_one_line(build: Path, tmp_path: Path) -> None:
    message = "Runtime Error in model x\n  Binder Error: no column y\n  \n  LINE 4: y\n     ^"
    target = results(tmp_path, result("model", "x", "error", message=message))
    outcome = read_outcome(target, build)
    assert outcome.errors == ("x: Runtime Error in model x Binder Error: no column y",)
    assert outcome.failed_checks == ()


def test_a_query_that_cannot_be_run_again_says_so(build: Path, tmp_path: Path) -> None:
    target = results(tmp_path, result("test", "t", "fail", failures=1, compiled_code="from gone"))
    (check,) = read_outcome(target, build).failed_checks
    assert "cannot be shown" in check.rows[0]


def test_no_results(tmp_path: Path) -> None:
    assert read_outcome(tmp_path, tmp_path / "none") == DbtOutcome((), (), ())

"""A file that lost a row stops everything after the books."""

from pathlib import Path

import dagster as dg
import pyarrow as pa
import pytest

from pipelines import ingestion_assets, ledger
from pipelines.ingestion_assets import LEDGER_CHECK, LEDGER_KEY, lake_books
from pipelines.outcome import BLOCKED, read_outcome
from pipelines.resources import HomeResource


def books(*counts: tuple[str, int, int, int]) -> pa.Table:
    return pa.table(
        {
            "source": ["billing"] * len(counts),
            "file": [row[0] for row in counts],
            "rows_read": [row[1] for row in counts],
            "rows_loaded": [row[2] for row in counts],
            "rows_quarantined": [row[3] for row in counts],
            "_dlt_load_id": ["1.0"] * len(counts),
        }
    )


def run(home: Path, rows: pa.Table, monkeypatch: pytest.MonkeyPatch) -> dg.ExecuteInProcessResult:
    class FakeLake:
        def __init__(self, _: Path) -> None:
            pass

        def ledger(self) -> pa.Table:
            return rows

    monkeypatch.setattr(ingestion_assets, "Lake", FakeLake)

    @dg.asset(deps=[LEDGER_KEY])
    def after_the_books() -> None:
        pass

    return dg.materialize(
        [lake_books, after_the_books],
        resources={"home": HomeResource(inputs=str(home), home=str(home))},
        raise_on_error=False,
    )


def test_books_that_add_up_let_the_run_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = run(tmp_path, books(("a.csv", 10, 8, 2), ("b.csv", 0, 0, 0)), monkeypatch)
    assert result.success
    assert result.asset_materializations_for_node("after_the_books")


def test_a_lost_row_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = run(tmp_path, books(("a.csv", 10, 8, 2), ("b.csv", 5, 4, 0)), monkeypatch)
    assert not result.success
    assert not result.asset_materializations_for_node("after_the_books")
    outcome = read_outcome(result)
    assert outcome.exit_code == BLOCKED
    (failed,) = outcome.failed_checks
    assert failed.name == LEDGER_CHECK
    assert failed.rows == ("b.csv: read 5, loaded 4, quarantined 0",)


def test_totals() -> None:
    rows = books(("a.csv", 10, 8, 2), ("b.csv", 5, 5, 0))
    assert ledger.totals(rows) == {"rows_read": 15, "rows_loaded": 13, "rows_quarantined": 2}
    assert ledger.totals(books()) == {"rows_read": 0, "rows_loaded": 0, "rows_quarantined": 0}

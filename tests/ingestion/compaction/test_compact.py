"""Compaction changes files and nothing else; what is removed is what was named, and is counted."""

from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from lakes import INCOMPLETE, LOADS, SCHEMA, names, rows_of, seen, write_lake, write_loads

from ingestion.compaction import Superseded, compact
from ingestion.errors import InputError
from ingestion.lake import Lake

# a.csv came six times: only the version of the last load counts.
OLD_VERSIONS = Superseded(versions=frozenset(("billing/a.csv", load) for load in LOADS[:5]))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return write_lake(tmp_path / "home")


def run(home: Path, superseded: Superseded | None = None, **options):
    removable = {"billing": superseded} if superseded else None
    return {outcome.table: outcome for outcome in compact(home, removable, **options)}


def test_files_are_merged_and_every_row_stays(home):
    before = seen(home)
    outcome = run(home)["billing"]
    assert seen(home) == before
    assert (outcome.files_before, outcome.files_after, outcome.rows_removed) == (9, 4, 0)
    merged, *others = sorted(names(home), reverse=True)
    assert merged.startswith("merged.")
    # the newest load and the one that was never finished keep their files
    assert sorted(others) == [
        f"{INCOMPLETE}.aa.parquet",
        f"{LOADS[5]}.aa.parquet",
        f"{LOADS[5]}.bb.parquet",
    ]
    file = pq.ParquetFile(home / "lake" / "billing" / merged)
    held = file.read(columns=["_dlt_load_id"]).column(0)
    assert held.unique().to_pylist() == LOADS[:4]
    assert file.schema_arrow.field("cost").type == SCHEMA.field("cost").type


def test_a_table_of_one_load_is_left_alone_and_so_is_a_compacted_lake(home):
    assert not run(home)["other"].has_changed
    before = names(home)
    assert not any(outcome.has_changed for outcome in run(home).values())
    assert names(home) == before


def test_large_files_stay_as_they_are(home):
    before = names(home)
    assert not run(home, small=1)["billing"].has_changed
    assert names(home) == before


def test_superseded_versions_go_and_are_counted_to_the_last_digit(home):
    kept = [row for row in seen(home) if "a.csv" not in row or LOADS[5] in row or INCOMPLETE in row]
    outcome = run(home, OLD_VERSIONS)["billing"]
    assert seen(home) == kept
    # three rows of each of loads 0 to 3; the load that was never finished is not touched
    assert outcome.rows_removed == 12
    assert outcome.sums_removed == (("cost", Decimal("18.000000000012")),)


def test_a_large_file_is_rewritten_where_rows_go(home):
    run(home)
    kept = [row for row in seen(home) if "a.csv" not in row or LOADS[5] in row or INCOMPLETE in row]
    outcome = run(home, OLD_VERSIONS, small=1)["billing"]
    assert (seen(home), outcome.rows_removed) == (kept, 12)


def test_whole_loads_go_but_never_the_newest(home):
    outcome = run(home, Superseded(loads=frozenset(LOADS)))["billing"]
    assert outcome.rows_removed == 4 * 3 + 2 * 2
    assert all(LOADS[5] in row or INCOMPLETE in row for row in seen(home))


def test_names_that_only_look_alike_are_kept(home):
    nobody = Superseded(versions=frozenset([("billing/a.cs", LOADS[0]), ("a.csv", LOADS[0])]))
    assert run(home, nobody)["billing"].rows_removed == 0


def test_a_column_that_came_later_is_null_before(home):
    wider = rows_of(1, "billing/c.csv").append_column("added", pa.array(["x", "y", "z"]))
    pq.write_table(wider, home / "lake" / "billing" / f"{LOADS[1]}.cc.parquet")
    run(home)
    (merged,) = (home / "lake" / "billing").glob("merged.*")
    added = pq.read_table(merged, partitioning=None).column("added")
    assert (added.null_count, added.drop_null().to_pylist()) == (13 + 3, ["x", "y", "z"])


def test_files_that_disagree_about_a_type_are_left_alone(home):
    other = rows_of(1, "billing/c.csv").drop_columns("cost")
    other = other.append_column("cost", pa.array([1, 2, 3]))
    pq.write_table(other, home / "lake" / "billing" / f"{LOADS[1]}.cc.parquet")
    before = names(home)
    outcome = run(home)["billing"]
    assert "cost" in (outcome.left_alone or "") and not outcome.has_changed
    assert names(home) == before


class Forgetful(pq.ParquetWriter):
    def write_table(self, table, row_group_size=None):
        super().write_table(table.slice(1), row_group_size)


class Careless(pq.ParquetWriter):
    """Makes -0 of 0: equal to look at, and another bit on the disk."""

    def write_table(self, table, row_group_size=None):
        where = table.column_names.index("score")
        score = pa.array([0.0 if value == 0 else value for value in table["score"].to_pylist()])
        super().write_table(table.set_column(where, "score", score), row_group_size)


@pytest.mark.parametrize("writer", [Forgetful, Careless])
def test_nothing_is_removed_when_the_proof_fails(home, monkeypatch, writer):
    before = names(home)
    monkeypatch.setattr(pq, "ParquetWriter", writer)
    with pytest.raises(InputError, match="compaction of billing stopped, nothing was removed"):
        run(home)
    assert names(home) == before


def test_a_full_disk_leaves_everything_as_it_was(home, monkeypatch):
    class Full(pq.ParquetWriter):
        def write_table(self, table, row_group_size=None):
            super().write_table(table, row_group_size)
            raise OSError(28, "No space left on device")

    before = names(home)
    monkeypatch.setattr(pq, "ParquetWriter", Full)
    with pytest.raises(OSError, match="No space left"):
        run(home)
    assert names(home) == before


def test_finished_loads_become_one_file_of_the_same_lines(home):
    write_loads(home, [f"{1_600_000_000 + number}.25" for number in range(20)])
    loads = Lake(home).complete_loads()
    outcome = run(home)["_dlt_loads"]
    assert (outcome.files_before, outcome.files_after) == (25, 1)
    assert Lake(home).complete_loads() == loads
    assert len(loads) == 25


def test_what_was_loaded_stays_known_after_compaction(place):
    def kpis(feature: str, day: int = 1) -> str:
        return f"date,feature,exposures\n2026-01-0{day},{feature},1\n"

    for number in range(3):
        place.write("product_kpis/a.csv", kpis("f", number + 1))
        place.write(f"product_kpis/{number}.csv", kpis(f"f{number}"))
        place.load("product_kpis")
    tables = ("product_kpis", "load_ledger", "quarantine")
    before = [seen(place.home, table) for table in tables]
    assert any(outcome.has_changed for outcome in compact(place.home))
    assert [seen(place.home, table) for table in tables] == before
    assert Lake(place.home).ledger().num_rows == 6
    assert place.load("product_kpis").load_id is None
    place.write("product_kpis/9.csv", kpis("new"))
    assert place.load("product_kpis").rows_loaded == 1


def test_no_lake_is_nothing_to_do(tmp_path):
    assert not any(outcome.has_changed for outcome in compact(tmp_path))

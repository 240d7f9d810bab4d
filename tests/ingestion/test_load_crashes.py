"""Loads that were cut off: nothing of them is read, and the next load is whole."""

import shutil

import pytest
from dlt.common.storages.load_storage import LoadStorage
from dlt.load.load import Load

from ingestion.lake import Lake
from ingestion.load import load_system


def kpis(feature):
    return f"date,feature,exposures,conversions\n2024-01-01,{feature},10,1\n"


def test_a_crash_while_reading_leaves_nothing_and_the_next_load_is_whole(place):
    place.write("product_kpis/a.csv", kpis("a"))
    place.write("product_kpis/b.csv", kpis("b"))

    def crash(outcome):
        if outcome.file.endswith("b.csv"):
            raise KeyboardInterrupt

    with pytest.raises(BaseException):  # noqa: B017
        load_system("product_kpis", place.inputs, place.home, crash)
    assert Lake(place.home).ledger().num_rows == 0
    summary = place.load("product_kpis")
    assert summary.rows_loaded == 2
    assert sorted(place.column("product_kpis", "feature")) == ["a", "b"]
    assert place.table("load_ledger").num_rows == 2


def test_a_crash_while_loading_leaves_no_broken_file_behind(place, monkeypatch):
    place.write("product_kpis/a.csv", kpis("a"))
    with monkeypatch.context() as patch:
        patch.setattr(Load, "complete_package", lambda *_, **__: 1 / 0)
        with pytest.raises(Exception, match="division"):
            place.load("product_kpis")
    lake = Lake(place.home)
    assert lake.ledger().num_rows == 0
    (orphan,) = lake.path("product_kpis").glob("*.parquet")
    orphan.write_bytes(b"cut off")
    assert place.load("product_kpis").rows_loaded == 1
    assert not orphan.exists()
    assert place.column("product_kpis", "feature") == ["a"]


def test_a_crash_after_the_load_was_committed_is_a_complete_load(place, monkeypatch):
    place.write("product_kpis/a.csv", kpis("a"))
    with monkeypatch.context() as patch:
        patch.setattr(LoadStorage, "complete_load_package", lambda *_, **__: 1 / 0)
        with pytest.raises(Exception, match="division"):
            place.load("product_kpis")
    assert place.load("product_kpis").files_unchanged == 1
    assert place.column("product_kpis", "feature") == ["a"]


def test_the_working_folder_is_no_memory(place):
    place.write("product_kpis/a.csv", kpis("a"))
    place.load("product_kpis")
    shutil.rmtree(place.home / ".dlt")
    assert place.load("product_kpis").load_id is None
    place.write("product_kpis/b.csv", kpis("b"))
    assert place.load("product_kpis").rows_loaded == 1

"""Files that change, go away or cannot be opened while a load is at work, and what it says then."""

import datetime as dt
from pathlib import Path

import pyarrow as pa
import pytest

from ingestion import deliveries
from ingestion.contracts import CONTRACTS
from ingestion.deliveries import UNREADABLE, discover
from ingestion.errors import InputError
from ingestion.feed import Feed
from ingestion.novelty import Novelty

KPIS = "product_kpis"
NAME = f"{KPIS}/k.csv"
HEADER = "date,feature\n"
ROW = "2024-01-01,{}\n"
CHANGED = "the file changed while it was read"
DENIED = "the file cannot be read: permission denied"
CLOSED = PermissionError(13, "Permission denied")


def feed_of(intake):
    files = discover(KPIS, intake.inputs)
    ledger = CONTRACTS["load_ledger"].schema.empty_table()
    return Feed(Novelty(files, ledger), dt.datetime(2026, 1, 1))


def drained(feed):
    """Lake rows by table."""
    tables: dict[str, list[dict]] = {}
    for table, rows in feed.items():
        tables.setdefault(table, []).extend(rows.to_pylist())
    return tables


def refused(reason, name=NAME):
    delivery = name.split("/")[1]
    empty = dict.fromkeys(("row_number", "column_name", "value"))
    return {"source": KPIS, "file": name, "delivery": delivery, "reason": reason, **empty}


@pytest.mark.parametrize("name", ["k.csv", "k.jsonl", "k.parquet"])
def test_a_file_replaced_while_it_is_read_is_incomplete(intake, name):
    path = intake.inputs / KPIS / name
    if name.endswith(".parquet"):
        table = pa.table({"date": ["2024-01-01"], "feature": ["x"]})
        intake.write_parquet(f"{KPIS}/{name}", table)
    elif name.endswith(".csv"):
        intake.write(f"{KPIS}/{name}", HEADER + ROW.format("x"))
    else:
        intake.write(f"{KPIS}/{name}", '{"date": "2024-01-01", "feature": "x"}\n')
    feed = feed_of(intake)
    seen = []
    for table, rows in feed.items():
        seen += [(table, row) for row in rows.to_pylist()]
        if table == KPIS:
            newer = path.with_name("newer")
            newer.write_bytes(path.read_bytes() + b"more")
            newer.replace(path)
    assert [table for table, _ in seen] == [KPIS, "quarantine", "load_ledger"]
    assert seen[1][1] == refused(CHANGED, f"{KPIS}/{name}")
    (outcome,) = feed.outcomes
    counts = (outcome.rows_read, outcome.rows_loaded, outcome.rows_quarantined)
    assert (counts, outcome.is_complete, outcome.message) == ((2, 1, 1), False, CHANGED)


def test_a_file_removed_while_it_is_read_is_incomplete(intake):
    path = intake.write(NAME, HEADER + ROW.format("x"))
    feed = feed_of(intake)
    for table, _ in feed.items():
        if table == KPIS:
            path.unlink()
    assert [outcome.message for outcome in feed.outcomes] == [CHANGED]


@pytest.mark.parametrize("name", ["k.csv", "k.csv.gz", "k.jsonl", "k.jsonl.gz", "k.parquet"])
def test_a_file_removed_before_it_is_read_is_named(intake, name):
    path = intake.write_raw(f"{KPIS}/{name}", b"whatever it was")
    feed = feed_of(intake)
    path.unlink()
    tables = drained(feed)
    assert tables["quarantine"] == [refused("the file is gone", f"{KPIS}/{name}")]
    assert tables["load_ledger"][0]["is_complete"] is False


def test_a_file_removed_before_it_is_hashed_was_never_there(intake):
    path = intake.write(NAME, HEADER + ROW.format("x"))
    intake.write(f"{KPIS}/other.csv", HEADER + ROW.format("y"))
    files = discover(KPIS, intake.inputs)
    path.unlink()
    novelty = Novelty(files, CONTRACTS["load_ledger"].schema.empty_table())
    assert [new.file.path.name for new in novelty.new_files()] == ["other.csv"]


def test_a_file_removed_while_the_folder_is_listed_was_never_there(intake, monkeypatch):
    intake.write(NAME, HEADER)
    intake.write(f"{KPIS}/other.csv", HEADER)
    walk = deliveries._walk

    def slow(folder, inputs):
        for path, refusal in list(walk(folder, inputs)):
            if path.name == "k.csv":
                path.unlink()
            yield path, refusal

    monkeypatch.setattr(deliveries, "_walk", slow)
    assert [file.path.name for file in discover(KPIS, intake.inputs)] == ["other.csv"]


def test_a_file_replaced_before_it_is_read_is_loaded_by_the_next_run(intake):
    path = intake.write(NAME, HEADER + ROW.format("old"))
    feed = feed_of(intake)
    path.write_text(HEADER + ROW.format("new") * 2)
    tables = drained(feed)
    assert [outcome.message for outcome in feed.outcomes] == [CHANGED]
    again = intake.take(KPIS, ledger=tables["load_ledger"])
    assert (again.column("feature"), again.messages) == (["new", "new"], [None])


@pytest.fixture
def closed(monkeypatch):
    """Makes paths as if their permissions forbade to open them, which nothing forbids to root."""
    paths: set[Path] = set()
    open_path, list_folder, open_bytes = Path.open, Path.iterdir, pa.input_stream

    def refusing(original):
        def call(path, *args, **kwargs):
            if Path(path) in paths:
                raise CLOSED
            return original(path, *args, **kwargs)

        return call

    monkeypatch.setattr(Path, "open", refusing(open_path))
    monkeypatch.setattr(Path, "iterdir", refusing(list_folder))
    monkeypatch.setattr(pa, "input_stream", refusing(open_bytes))
    return paths


def test_a_file_without_permission_is_refused_until_it_has_it(intake, closed):
    path = intake.write(NAME, HEADER + ROW.format("x"))
    intake.write(f"{KPIS}/other.csv", HEADER + ROW.format("y"))
    closed.add(path)
    first = intake.take(KPIS)
    assert (first.bad, first.column("feature")) == ([refused(DENIED)], ["y"])
    assert first.ledger[0]["sha256"] == UNREADABLE
    again = intake.take(KPIS, ledger=first.ledger)
    assert (again.good, again.bad) == ([], [])
    # Neither size nor time tell of the permission.
    closed.clear()
    last = intake.take(KPIS, ledger=first.ledger)
    assert (last.bad, last.column("feature")) == ([], ["x"])


def test_two_files_without_permission_are_no_copies_of_each_other(intake, closed):
    for name in ("a.csv", "b.csv"):
        closed.add(intake.write(f"{KPIS}/{name}", HEADER + ROW.format(name)))
    taken = intake.take(KPIS)
    assert taken.bad == [refused(DENIED, f"{KPIS}/{name}") for name in ("a.csv", "b.csv")]


def test_a_subfolder_without_permission_is_refused(intake, closed):
    intake.write(f"{KPIS}/good.csv", HEADER + ROW.format("x"))
    closed.add(intake.write(f"{KPIS}/sub/a.csv", HEADER).parent)
    taken = intake.take(KPIS)
    reason = "the folder cannot be read: permission denied"
    assert taken.bad == [refused(reason, f"{KPIS}/sub")]
    assert taken.column("feature") == ["x"]


def test_a_source_without_permission_stops_the_load(intake, closed):
    closed.add(intake.write(NAME, HEADER).parent)
    with pytest.raises(InputError, match="product_kpis cannot be read: permission denied"):
        intake.take(KPIS)

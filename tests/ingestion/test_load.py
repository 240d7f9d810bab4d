"""Loading through the real dlt engine, read back with pyarrow."""

import datetime as dt
import gzip
import json
import os
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ingestion import SYSTEMS
from ingestion.contracts import CONTRACTS
from ingestion.errors import InputError
from ingestion.lake import Lake
from ingestion.load import load_system, write_frames

KPI_HEADER = "date,feature,exposures,conversions\n"
BILL_HEADER = (
    "BilledCost,BillingCurrency,BillingPeriodStart,ChargePeriodStart,ChargeCategory,Tags\n"
)


def bill(cost="1.10", tags=""):
    return f"{cost},USD,2024-09-01,2024-09-02T00:00:00Z,Usage,{tags}\n"


def kpis(*features):
    return KPI_HEADER + "".join(f"2024-01-01,{feature},10,1\n" for feature in features)


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_missing_folder_leaves_typed_tables_and_then_nothing_to_do(place, system):
    assert place.load(system).load_id is not None
    for table in (*SYSTEMS[system], "load_ledger", "quarantine"):
        (file,) = Lake(place.home).path(table).glob("*.parquet")
        schema = pq.read_schema(file)
        assert pq.read_metadata(file).num_rows == 0
        for field in CONTRACTS[table].schema:
            assert schema.field(field.name).type == field.type
        assert "_dlt_load_id" in schema.names
    assert place.load(system).load_id is None


def test_rows_land_with_their_types_and_provenance(place):
    place.write(
        "billing/2024-09/a.csv", BILL_HEADER + bill(tags='"{""team"": ""x""}"') + bill("-2")
    )
    summary = place.load("billing")
    assert (summary.rows_read, summary.rows_loaded, summary.rows_quarantined) == (2, 2, 0)
    first, second = place.rows("billing")
    assert first["billed_cost"] == Decimal("1.10") and second["billed_cost"] == Decimal(-2)
    assert first["charge_period_start"] == dt.datetime(2024, 9, 2)
    assert json.loads(first["tags"]) == {"team": "x"}
    assert first["effective_cost"] is None and second["tags"] is None
    assert (first["_delivery"], first["_file"]) == ("2024-09", "billing/2024-09/a.csv")
    assert [first["_row_number"], second["_row_number"]] == [1, 2]
    assert first["_dlt_load_id"] == summary.load_id
    (file,) = Lake(place.home).path("billing").glob("*.parquet")
    assert file.name.startswith(f"{summary.load_id}.")
    assert pq.read_schema(file).field("charge_period_start").type == pa.timestamp("us")
    assert pq.read_schema(file).field("billed_cost").type == pa.decimal128(38, 12)


@pytest.mark.parametrize("name", ["k.csv", "k.csv.gz", "k.jsonl", "k.jsonl.gz", "k.parquet"])
def test_every_format_says_the_same(place, name):
    texts = {
        "date": ["2024-01-01", "2024-01-02", "bad"],
        "Feature": [" search ", "chat", "chat"],
        "exposures": ["10", "20.0", "30"],
        "revenue": ["0.1", "1e-8", "3"],
        "ours": ["x", "y", "z"],
    }
    rows = [dict(zip(texts, values, strict=True)) for values in zip(*texts.values(), strict=True)]
    csv = ",".join(texts) + "\n" + "".join(",".join(row.values()) + "\n" for row in rows)
    jsonl = "".join(json.dumps(row) + "\n" for row in rows)
    place.write("product_kpis/x", "").unlink()
    if name.endswith(".parquet"):
        place.write_parquet(f"product_kpis/{name}", pa.table(texts))
    else:
        content = (csv if ".csv" in name else jsonl).encode()
        content = gzip.compress(content) if name.endswith(".gz") else content
        place.write(f"product_kpis/{name}", content)
    place.load("product_kpis")
    loaded = [
        (row["date"], row["feature"], row["exposures"], row["revenue"], row["_row_number"])
        for row in place.rows("product_kpis")
    ]
    assert loaded == [
        (dt.date(2024, 1, 1), "search", 10, Decimal("0.1"), 1),
        (dt.date(2024, 1, 2), "chat", 20, Decimal("0.00000001"), 2),
    ]
    (bad,) = place.rows("quarantine")
    assert (bad["source"], bad["file"]) == ("product_kpis", f"product_kpis/{name}")
    assert (bad["row_number"], bad["column_name"], bad["value"]) == (3, "date", "bad")
    (ledger,) = place.rows("load_ledger")
    assert ledger["ignored_columns"] == "ours"
    place.assert_counts_hold()


def test_a_second_load_changes_nothing(place):
    place.write("product_kpis/a.csv", kpis("a"))
    place.load("product_kpis")
    before = {table: place.rows(table) for table in ("product_kpis", "load_ledger", "quarantine")}
    again = place.load("product_kpis")
    assert again.load_id is None and again.files == () and again.files_unchanged == 1
    assert {table: place.rows(table) for table in before} == before


def test_a_touched_file_is_unchanged_and_a_changed_one_is_a_new_version(place):
    path = place.write("product_kpis/a.csv", kpis("a"))
    first = place.load("product_kpis").load_id
    os.utime(path, ns=(1, 1))
    assert place.load("product_kpis").files_unchanged == 1
    path.write_text(kpis("b", "c"))
    second = place.load("product_kpis").load_id
    path.write_text(kpis("a"))
    third = place.load("product_kpis").load_id
    assert None not in (second, third)
    versions = {}
    for row in place.rows("product_kpis"):
        versions.setdefault(row["_dlt_load_id"], []).append(row["feature"])
    assert versions == {first: ["a"], second: ["b", "c"], third: ["a"]}


def test_same_content_under_another_name_is_skipped_and_counted(place):
    place.write("product_kpis/a.csv", kpis("a"))
    place.write("product_kpis/b.csv", kpis("a"))
    summary = place.load("product_kpis")
    assert (summary.files_duplicate, len(summary.files)) == (1, 1)
    again = place.load("product_kpis")
    assert (again.load_id, again.files_unchanged, again.files_duplicate) == (None, 1, 1)
    # Once the other file changes, this one is the only holder of its content.
    place.write("product_kpis/a.csv", kpis("x"))
    assert [outcome.file for outcome in place.load("product_kpis").files] == [
        "product_kpis/a.csv",
        "product_kpis/b.csv",
    ]


def test_rotated_logs_are_neither_lost_nor_counted_twice(place):
    place.write("product_kpis/log.1.csv", kpis("old"))
    place.load("product_kpis")
    place.write("product_kpis/log.2.csv", kpis("old"))
    place.write("product_kpis/log.1.csv", kpis("new"))
    place.load("product_kpis")
    newest = {}
    for row in place.rows("load_ledger"):
        newest[row["file"]] = max(newest.get(row["file"], ""), row["_dlt_load_id"])
    live = [
        row["feature"]
        for row in place.rows("product_kpis")
        if newest[row["_file"]] == row["_dlt_load_id"]
    ]
    assert sorted(live) == ["new", "old"]


def test_a_path_that_becomes_a_copy_gives_up_its_old_rows(place):
    place.write("product_kpis/a.csv", kpis("a"))
    place.write("product_kpis/b.csv", kpis("b"))
    place.load("product_kpis")
    place.write("product_kpis/b.csv", kpis("a"))
    (outcome,) = place.load("product_kpis").files
    assert (outcome.rows_read, outcome.is_complete) == (0, True)
    assert outcome.message == "same content as product_kpis/a.csv"
    assert place.load("product_kpis").load_id is None
    place.assert_counts_hold()
    # It is no longer a copy when the other changes.
    place.write("product_kpis/a.csv", kpis("c"))
    assert [o.rows_loaded for o in place.load("product_kpis").files] == [1, 1]


def test_a_billing_delivery_equal_to_an_earlier_one_restores_it(place):
    place.write("billing/d1/a.csv", BILL_HEADER + bill("1"))
    place.write("billing/d2/a.csv", BILL_HEADER + bill("2"))
    place.write("billing/d3/a.csv", BILL_HEADER + bill("1"))
    place.write("billing/d3/copy.csv", BILL_HEADER + bill("1"))
    summary = place.load("billing")
    assert [outcome.delivery for outcome in summary.files] == ["d1", "d2", "d3"]
    assert summary.files_duplicate == 1


def test_a_refused_twin_does_not_hide_a_good_file(place):
    place.write("product_kpis/a.txt", kpis("a"))
    place.write("product_kpis/b.csv", kpis("a"))
    summary = place.load("product_kpis")
    assert [outcome.rows_loaded for outcome in summary.files] == [0, 1]
    assert summary.files_duplicate == 0


def test_empty_files_are_each_reported_once(place):
    place.write("product_kpis/a.csv", "")
    place.write("product_kpis/b.csv", "")
    summary = place.load("product_kpis")
    assert [outcome.message for outcome in summary.files] == ["the file is empty"] * 2
    assert place.load("product_kpis").files_unchanged == 2


@pytest.mark.parametrize(
    ("name", "content", "reason", "column"),
    [
        ("a.csv", b"", "the file is empty", None),
        (
            "a.csv",
            b"date,exposures\n2024-01-01,1\n",
            "the file lacks the required column feature",
            "feature",
        ),
        ("a.csv", b"\x00\x01\x02", "the file is not UTF-8 text", None),
        ("a.csv", b"Feature,feature,date\nx,y,z\n", "the file has this column twice", "feature"),
        ("a.parquet", b"PAR1 nonsense", "the file is not Parquet, or it is cut off", None),
        ("a.csv.gz", b"no gzip", None, None),
        ("a.zip", b"PK", "unknown extension", None),
    ],
)
def test_a_refused_file_is_one_quarantine_row_and_the_others_load(
    place, name, content, reason, column
):
    place.write(f"product_kpis/{name}", content)
    place.write("product_kpis/good.csv", kpis("a"))
    summary = place.load("product_kpis")
    assert summary.rows_loaded == 1
    (bad,) = place.rows("quarantine")
    assert bad["row_number"] is None and bad["column_name"] == column
    assert reason is None or bad["reason"] == reason
    refused = next(row for row in place.rows("load_ledger") if row["file"].endswith(name))
    counts = [refused[name] for name in ("rows_read", "rows_loaded", "rows_quarantined")]
    assert counts == [1, 0, 1]
    assert refused["is_complete"] is False and refused["message"] == bad["reason"]
    assert place.load("product_kpis").load_id is None
    place.assert_counts_hold()


def test_links_to_outside_are_quarantined(place, tmp_path):
    (tmp_path / "secret.csv").write_text(kpis("secret"))
    (place.inputs / "product_kpis").mkdir()
    (place.inputs / "product_kpis/a.csv").symlink_to(tmp_path / "secret.csv")
    place.load("product_kpis")
    assert place.rows("product_kpis") == []
    (bad,) = place.rows("quarantine")
    assert bad["reason"] == "the link points outside the inputs folder"


def test_a_file_cut_off_keeps_its_rows_and_is_incomplete(place):
    content = gzip.compress((KPI_HEADER + "2024-01-01,f,1,1\n" * 1_000_000).encode(), 1)
    place.write("product_kpis/a.csv.gz", content[:-1000])
    summary = place.load("product_kpis")
    assert summary.rows_loaded > 0 and summary.rows_quarantined == 1
    assert not summary.files[0].is_complete
    assert place.table("product_kpis").num_rows == summary.rows_loaded


def test_prices_fill_two_tables_in_one_load(place):
    place.write("prices/a.csv", "effective_from,provider_model\n2024-01-01,gpt\n")
    place.write("prices/gpu_prices.csv", "effective_from,accelerator\n2024-01-01,H100\n")
    summary = place.load("prices")
    assert place.column("prices", "provider_model") == ["gpt"]
    assert place.column("gpu_prices", "accelerator") == ["H100"]
    assert {row["source"] for row in place.rows("load_ledger")} == {"prices", "gpu_prices"}
    assert set(place.column("load_ledger", "_dlt_load_id")) == {summary.load_id}


def test_outcomes_are_told_file_by_file(place):
    place.write("product_kpis/b10.csv", kpis("a"))
    place.write("product_kpis/b9.csv", kpis("b"))
    seen = []
    summary = load_system("product_kpis", place.inputs, place.home, seen.append)
    assert [outcome.file for outcome in seen] == ["product_kpis/b9.csv", "product_kpis/b10.csv"]
    assert tuple(seen) == summary.files


def test_a_load_says_nothing_and_leaves_nothing_elsewhere(place, capfd, tmp_path, monkeypatch):
    cwd = tmp_path / "cwd"
    cwd.mkdir()
    monkeypatch.chdir(cwd)
    place.write("product_kpis/a.csv", kpis("a") + "2024-01-01\n")
    place.load("product_kpis")
    place.load("product_kpis")
    assert capfd.readouterr() == ("", "")
    assert list(cwd.iterdir()) == []
    assert {path.name for path in place.home.iterdir()} == {"lake", ".dlt"}


def test_errors_a_user_can_fix(place, tmp_path):
    with pytest.raises(InputError, match="does not exist"):
        load_system("billing", tmp_path / "nowhere", place.home)
    with pytest.raises(InputError, match="unknown system"):
        place.load("nothing")
    with pytest.raises(InputError, match="%"):
        load_system("billing", place.inputs, tmp_path / "50%")


def test_homes_with_strange_names(place, tmp_path):
    place.home = tmp_path / "my home [1] #ü"
    place.write("product_kpis/a.csv", kpis("a"))
    assert place.load("product_kpis").rows_loaded == 1
    assert place.load("product_kpis").files_unchanged == 1


def test_frames_come_back_the_same_way(place):
    stamps = pa.array([dt.datetime(2024, 1, 1)], pa.timestamp("us"))
    tables = {
        "demand_forecasts": pa.table({"unique_id": ["a"], "ds": stamps, "y_p50": [1.5]}),
        "demand_backtests": pa.table(
            {"unique_id": pa.array([], pa.string()), "cutoff": stamps[:0]}
        ),
    }
    load_id = write_frames(tables, place.home, "forecasts")
    table = place.table("demand_forecasts")
    assert table.schema.field("ds").type == pa.timestamp("us")
    (row,) = table.to_pylist()
    assert row == {
        "unique_id": "a",
        "ds": dt.datetime(2024, 1, 1),
        "y_p50": 1.5,
        "_dlt_load_id": load_id,
    }
    assert place.table("demand_backtests").num_rows == 0
    assert write_frames(tables, place.home, "forecasts") != load_id
    with pytest.raises(InputError):
        write_frames({}, place.home, "forecasts")


def test_many_bad_rows_of_many_kinds_are_all_accounted_for(place):
    lines = []
    for i in range(3000):
        kind = i % 5
        lines.append(
            [
                f"2024-01-01,f{i},10,1",
                f"2024-01-01,f{i}",
                f"soon,f{i},10,1",
                f"2024-01-01,,10,{i}",
                f'2024-01-01,"f\n{i}",10,1',
            ][kind]
        )
    place.write("product_kpis/a.csv", KPI_HEADER + "\n".join(lines))
    summary = place.load("product_kpis")
    assert (summary.rows_read, summary.rows_loaded) == (3000, 1200)
    numbers = place.column("product_kpis", "_row_number") + place.column("quarantine", "row_number")
    assert sorted(numbers) == list(range(1, 3001))
    for row in place.rows("product_kpis"):
        assert row["feature"].replace("\n", "") == f"f{row['_row_number'] - 1}"
    place.assert_counts_hold()

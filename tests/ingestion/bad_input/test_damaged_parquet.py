"""Parquet files that are cut, overwritten, or no Parquet at all."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

NAME = "product_kpis/k.parquet"
NOT_PARQUET = "the file is not Parquet, or it is cut off"


def kpis(rows, first=0):
    return pa.table(
        {
            "date": ["2024-01-01"] * rows,
            "feature": [f"feature-{first + row}" for row in range(rows)],
            "exposures": list(range(first, first + rows)),
        }
    )


@pytest.fixture
def whole(tmp_path):
    """Bytes of a file with three row groups of 100 rows, uncompressed and without dictionaries."""
    path = tmp_path / "whole.parquet"
    pq.write_table(kpis(300), path, row_group_size=100, compression="none", use_dictionary=False)
    return path.read_bytes()


def assert_refused(taken, reason):
    (outcome,) = taken.outcomes.values()
    assert (outcome.is_complete, outcome.message) == (False, reason)
    assert taken.quarantine[-1] == (None, None, None, reason)


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda content: content[:-1], id="last byte missing"),
        pytest.param(lambda content: content[:-200], id="footer cut"),
        pytest.param(lambda content: content[: len(content) // 2], id="second half missing"),
        pytest.param(lambda content: content[:7], id="seven bytes"),
        pytest.param(lambda content: b"PAR1", id="magic only"),
        pytest.param(lambda content: b"PAR1PAR1", id="magic twice"),
        pytest.param(lambda content: b"date,feature\n2024-01-01,x\n" * 9, id="text"),
        pytest.param(lambda content: bytes(len(content)), id="all NUL"),
        pytest.param(lambda content: b"PAR1" + b"\xff" * 500 + b"PAR1", id="no length"),
    ],
)
def test_what_is_no_parquet_is_one_quarantine_row(intake, whole, damage):
    intake.write_raw(NAME, damage(whole))
    taken = intake.take("product_kpis")
    assert_refused(taken, NOT_PARQUET)
    assert taken.good == []


def test_an_empty_file_says_so(intake):
    intake.write_raw(NAME, b"")
    assert_refused(intake.take("product_kpis"), "the file is empty")


def test_a_damaged_footer_says_so(intake, whole):
    start = len(whole) - 8 - int.from_bytes(whole[-8:-4], "little")
    intake.write_raw(NAME, whole[:start] + b"\xff" * 40 + whole[start + 40 :])
    assert_refused(intake.take("product_kpis"), "the Parquet metadata is damaged")


def test_a_page_that_cannot_be_decoded_refuses_its_file(intake, whole):
    at = whole.index(b"feature-150")
    intake.write_raw(NAME, whole[:at] + b"\xff" * 400 + whole[at + 400 :])
    taken = intake.take("product_kpis")
    reason = "the file cannot be read: Invalid or truncated PLAIN-encoded BYTE_ARRAY data"
    assert_refused(taken, reason)
    assert taken.good == []


def test_a_changed_digit_is_found_where_pages_carry_checksums(intake):
    options = {"compression": "none", "use_dictionary": False, "write_page_checksum": True}
    whole = intake.write_parquet(NAME, kpis(300), **options).read_bytes()
    assert intake.take("product_kpis").outcomes[NAME].rows_loaded == 300
    at = whole.index(b"feature-150")
    intake.write_raw(NAME, whole[:at] + b"feature-950" + whole[at + 11 :])
    taken = intake.take("product_kpis")
    assert_refused(taken, "a page of the file is damaged: its checksum is wrong")


def test_a_file_without_rows_is_complete(intake):
    intake.write_parquet(NAME, kpis(0))
    (outcome,) = intake.take("product_kpis").outcomes.values()
    assert (outcome.rows_read, outcome.is_complete, outcome.message) == (0, True, None)


def test_a_file_without_row_groups_is_complete(intake):
    path = intake.write_raw(NAME, b"")
    pq.ParquetWriter(path, kpis(0).schema).close()
    (outcome,) = intake.take("product_kpis").outcomes.values()
    assert (outcome.rows_read, outcome.is_complete, outcome.message) == (0, True, None)


def test_a_missing_required_column_is_named(intake):
    intake.write_parquet(NAME, kpis(3).drop_columns(["feature"]))
    taken = intake.take("product_kpis")
    reason = "the file lacks the required column feature"
    assert taken.quarantine == [(None, "feature", None, reason)]


@pytest.mark.parametrize("twin", ["Feature", "FEATURE", "fea_ture"])
def test_two_spellings_of_one_column_are_refused(intake, twin):
    table = kpis(2)
    intake.write_parquet(NAME, table.append_column(twin, table["feature"]))
    taken = intake.take("product_kpis")
    assert taken.quarantine == [(None, "feature", None, "the file has this column twice")]


def test_a_column_of_the_same_spelling_twice_is_refused(intake):
    table = kpis(2)
    intake.write_parquet(NAME, table.append_column("feature", table["feature"]))
    taken = intake.take("product_kpis")
    assert taken.quarantine == [(None, "feature", None, "the file has this column twice")]


def test_unknown_columns_are_listed_and_ignored(intake):
    table = kpis(2).append_column("a.b", pa.array([1, 2])).append_column("Zeta", pa.nulls(2))
    intake.write_parquet(NAME, table.append_column("ß", pa.array([{"x": 1}, None])))
    taken = intake.take("product_kpis")
    assert taken.ledger[0]["ignored_columns"] == "a.b, Zeta, ß"
    assert taken.column("feature") == ["feature-0", "feature-1"]


@pytest.mark.parametrize("codec", ["none", "snappy", "gzip", "zstd", "lz4", "brotli"])
def test_every_usual_codec_is_read(intake, codec):
    intake.write_parquet(NAME, kpis(5), compression=codec)
    assert intake.take("product_kpis").column("exposures") == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.string_view()], ids=str)
@pytest.mark.parametrize("rows", [3, 3000], ids=["plain", "repeated"])
def test_texts_that_are_no_utf8_spoil_their_rows(intake, kind, rows):
    # Parquet promises UTF-8 for texts, and no reader holds a writer to it.
    raw = {pa.large_string(): pa.large_binary(), pa.string_view(): pa.binary_view()}
    words = pa.array([b"good", b"caf\xe9", "ü".encode()] * (rows // 3), raw.get(kind, pa.binary()))
    table = kpis(rows).set_column(1, "feature", words.view(kind))
    intake.write_parquet(NAME, table)
    taken = intake.take("product_kpis")
    assert taken.column("feature") == ["good", "ü"] * (rows // 3)
    assert taken.quarantine == [
        (row, "feature", "caf\ufffd", "is not valid UTF-8") for row in range(2, rows, 3)
    ]


def test_a_nested_value_that_is_no_utf8_refuses_its_file(intake):
    values = pa.array([b"\xff", b"a"]).view(pa.string())
    tags = pa.StructArray.from_arrays([values], ["team"])
    intake.write_parquet(NAME, kpis(2).append_column("variant", tags))
    taken = intake.take("product_kpis")
    assert_refused(taken, "a nested value is damaged or holds text that is not UTF-8")


def test_a_name_that_is_no_utf8_refuses_its_file(intake, whole):
    intake.write_raw(NAME, whole.replace(b"exposures", b"exposure\xff"))
    assert_refused(intake.take("product_kpis"), "a name in the file is not UTF-8")

"""Compressed text that ends too early, comes in several members, or is not compressed at all."""

import gzip
import hashlib
import json

import pytest

ROWS = 2000


def name(row):
    """A name no archive makes shorter, so that half an archive is half of its rows."""
    return hashlib.sha256(str(row).encode()).hexdigest()


def csv_text(rows=ROWS):
    lines = [f"2024-01-01,{name(row)},{row}\n" for row in range(rows)]
    return ("date,feature,exposures\n" + "".join(lines)).encode()


def jsonl_text(rows=ROWS):
    header, *lines = csv_text(rows).decode().splitlines()
    keys = header.split(",")
    return "".join(
        json.dumps(dict(zip(keys, line.split(","), strict=True))) + "\n" for line in lines
    ).encode()


def sacct_text(rows=ROWS):
    lines = [f"{row}|{name(row)}|2024-01-01T00:00:00\n" for row in range(rows)]
    return ("JobID|JobName|Submit\n" + "".join(lines)).encode()


FORMATS = [
    pytest.param("product_kpis", "k.csv.gz", csv_text, id="csv"),
    pytest.param("product_kpis", "k.jsonl.gz", jsonl_text, id="jsonl"),
    pytest.param("gpu_jobs", "jobs.txt.gz", sacct_text, id="sacct"),
]


def only(taken):
    (outcome,) = taken.outcomes.values()
    return outcome


@pytest.mark.parametrize(("system", "name", "text"), FORMATS)
@pytest.mark.parametrize("kept", [0.5, 0.9], ids=["half", "most"])
def test_a_cut_archive_is_incomplete_and_its_rows_add_up(intake, system, name, text, kept):
    content = gzip.compress(text())
    intake.write_raw(f"{system}/{name}", content[: int(len(content) * kept)])
    taken = intake.take(system)
    assert (only(taken).is_complete, only(taken).message) == (
        False,
        "the compressed data ends too early",
    )
    assert taken.bad[-1]["row_number"] is None
    assert len(taken.good) < ROWS
    assert taken.column("_row_number") == list(range(1, len(taken.good) + 1))


@pytest.mark.parametrize(("system", "name", "text"), FORMATS)
@pytest.mark.parametrize("cut", [1, 4, 8])
def test_an_archive_without_its_checksum_is_incomplete(intake, system, name, text, cut):
    content = gzip.compress(text(20))
    intake.write_raw(f"{system}/{name}", content[:-cut])
    taken = intake.take(system)
    assert (only(taken).is_complete, only(taken).message) == (
        False,
        "the compressed data ends too early",
    )


@pytest.mark.parametrize(("system", "name", "text"), FORMATS)
def test_a_wrong_checksum_is_incomplete(intake, system, name, text):
    content = bytearray(gzip.compress(text(20)))
    content[-8] ^= 1
    intake.write_raw(f"{system}/{name}", bytes(content))
    taken = intake.take(system)
    assert (only(taken).is_complete, only(taken).message) == (
        False,
        "the compressed data is damaged",
    )


@pytest.mark.parametrize(("system", "name", "text"), FORMATS)
def test_two_members_are_one_file(intake, system, name, text):
    content = text(20)
    cut = content.index(b"\n", len(content) // 2) - 3
    intake.write_raw(
        f"{system}/{name}",
        gzip.compress(content[:cut]) + gzip.compress(b"") + gzip.compress(content[cut:]),
    )
    taken = intake.take(system)
    assert (only(taken).is_complete, only(taken).rows_loaded) == (True, 20)
    assert taken.bad == []


@pytest.mark.parametrize(("system", "name", "text"), FORMATS)
def test_a_damaged_second_member_does_not_pass_as_the_end(intake, system, name, text):
    content = text(20)
    intake.write_raw(f"{system}/{name}", gzip.compress(content) + b"some bytes that are no gzip")
    taken = intake.take(system)
    assert only(taken).is_complete is False
    assert only(taken).message == "the compressed data is damaged"


@pytest.mark.parametrize(("system", "name", "text"), FORMATS)
def test_text_that_calls_itself_gzip_is_refused(intake, system, name, text):
    intake.write_raw(f"{system}/{name}", text(20))
    taken = intake.take(system)
    assert taken.quarantine == [(None, None, None, "the compressed data is damaged")]


@pytest.mark.parametrize(("system", "name", "text"), FORMATS)
def test_gzip_that_calls_itself_text_is_refused(intake, system, name, text):
    intake.write_raw(f"{system}/{name.removesuffix('.gz')}", gzip.compress(text(200)))
    taken = intake.take(system)
    (row,) = taken.quarantine
    assert row == (None, None, None, "the file is not UTF-8 text")


@pytest.mark.parametrize("name", ["k.csv.gz", "k.jsonl.gz"])
def test_an_archive_of_nothing_is_an_empty_file(intake, name):
    intake.write_raw(f"product_kpis/{name}", gzip.compress(b""))
    taken = intake.take("product_kpis")
    assert taken.quarantine == [(None, None, None, "the file is empty")]


@pytest.mark.parametrize("name", ["k.csv.gz", "k.jsonl.gz"])
def test_ten_bytes_of_an_archive_are_refused(intake, name):
    intake.write_raw(f"product_kpis/{name}", gzip.compress(csv_text(20))[:10])
    taken = intake.take("product_kpis")
    assert taken.quarantine == [(None, None, None, "the compressed data ends too early")]

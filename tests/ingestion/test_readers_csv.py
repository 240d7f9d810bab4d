"""CSV: row numbers are the file's, and one bad row costs one row."""

import gzip
import zlib

import numpy as np
import pyarrow as pa
import pytest

from ingestion.columns import match_columns
from ingestion.contracts import CONTRACTS
from ingestion.errors import UnreadableFileError
from ingestion.readers import csv as csv_module
from ingestion.readers import utf8
from ingestion.readers.csv import CsvReader

HEADER = "date,feature,exposures\n"


def read(path, compressed=False):
    """(row number, feature) of the good rows, and (row number, value, reason) of the bad ones."""
    reader = CsvReader(path, compressed)
    match = match_columns(CONTRACTS["product_kpis"], reader.names)
    good, bad = [], []
    for chunk in reader.chunks(match):
        features = chunk.columns["feature"].to_pylist() if chunk.columns else []
        good += list(zip(chunk.row_numbers.tolist(), features, strict=True))
        bad += [(row.row_number, row.value, row.reason) for row in chunk.bad]
    return good, bad


def test_row_numbers_leave_gaps_where_rows_are_bad(place):
    path = place.write(
        "a.csv", HEADER + 'd,one,1\nd,two\n\nd,"th\nree",3\nd,four,4,4\nd,five,5\nd,six\n'
    )
    good, bad = read(path)
    assert good == [(1, b"one"), (3, b"th\nree"), (5, b"five")]
    assert [(number, value) for number, value, _ in bad] == [
        (2, "d,two"),
        (4, "d,four,4,4"),
        (6, "d,six"),
    ]
    assert bad[0][2] == "the row has 2 values, the header 3"


@pytest.mark.parametrize("block_bytes", [64, 100, 257, 1 << 20])
def test_row_numbers_across_blocks(place, monkeypatch, block_bytes):
    monkeypatch.setattr(csv_module, "BLOCK_BYTES", block_bytes)
    rng = np.random.default_rng(3)
    lines, expected_good, expected_bad = [], [], []
    for number in range(1, 501):
        if rng.random() < 0.2:
            lines.append(f"d,f{number}")
            expected_bad.append(number)
        else:
            lines.append(f'd,"f{number}",{number}')
            expected_good.append((number, f"f{number}".encode()))
    good, bad = read(place.write("a.csv", HEADER + "\n".join(lines)))
    assert good == expected_good
    assert [number for number, _, _ in bad] == expected_bad


def test_byte_order_mark_windows_line_ends_and_gzip(place):
    content = b"\xef\xbb\xbf" + (HEADER + "d,one,1\n").replace("\n", "\r\n").encode()
    assert read(place.write("a.csv", content))[0] == [(1, b"one")]
    assert read(place.write("a.csv.gz", gzip.compress(content)), True)[0] == [(1, b"one")]


def test_nulls_are_empty_null_and_quoted_null(place):
    good, _ = read(place.write("a.csv", HEADER + 'd,,1\nd,NULL,1\nd,"null",1\nd,"",1\nd,Null,1\n'))
    assert [feature for _, feature in good] == [None, None, None, None, b"Null"]


@pytest.mark.parametrize("content", [HEADER, HEADER.strip(), "\ufeff" + HEADER.strip()])
def test_header_only(place, content):
    assert read(place.write("a.csv", content)) == ([], [])


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty"),
        (b"PK\x03\x04\x00\x00binary", "the file is not UTF-8 text"),
        (HEADER.encode("utf-16"), "the file is not UTF-8 text"),
        (b"\xff\xfe\xfa,\xff\n1,2\n", "the header is not UTF-8 text"),
        (b"\n\n", "the file has no header"),
    ],
)
def test_what_is_no_csv(place, content, reason):
    with pytest.raises(UnreadableFileError) as caught:
        read(place.write("a.csv", content))
    assert caught.value.reason == reason


def test_gzip_cut_off_gives_its_rows_and_then_says_so(place):
    content = gzip.compress((HEADER + "d,one,1\n" * 3_000_000).encode(), 1)
    path = place.write("a.csv.gz", content[:-2000])
    reader = CsvReader(path, True)
    rows = 0
    with pytest.raises(UnreadableFileError) as caught:
        for chunk in reader.chunks(match_columns(CONTRACTS["product_kpis"], reader.names)):
            rows += len(chunk.row_numbers)
    assert caught.value.reason == "the compressed data ends too early"
    # All but the 64 KiB that the cut is in are given, whatever the timing of reading ahead.
    readable = len(zlib.decompressobj(31).decompress(content[:-2000])) // (64 << 10) * (64 << 10)
    assert rows == (readable - len(HEADER)) // len("d,one,1\n")


def test_damaged_gzip(place):
    with pytest.raises(UnreadableFileError) as caught:
        read(place.write("a.csv.gz", b"\x1f\x8b not really"), True)
    assert "compressed data" in caught.value.reason


def test_bytes_that_are_no_utf8_in_a_short_row(place):
    # Arrow alone would give up the file here.
    content = HEADER.encode() + b"d,\xff\nd,one,1\nd,caf\xc3\xa9,1\nd,caf\xe9,1\n"
    good, bad = read(place.write("a.csv", content))
    assert good == [(2, b"one"), (3, "café".encode()), (4, b"caf\xff")]
    assert bad == [(1, "d,\ufffd", "the row has 2 values, the header 3")]


@pytest.mark.parametrize("size", [1, 2, 3, 5, 1000])
def test_marked_stream_passes_text_and_marks_the_rest(size):
    content = "aé€\n😀z".encode() + b"\xff\xc3(\xe2\x82" + "ü\n".encode() + b"\xf0\x9f"
    stream = utf8.MarkedStream(pa.BufferReader(content))
    read = b"".join(iter(lambda: stream.read(size), b""))
    mark = utf8.MARK
    assert read.decode() == f"aé€\n😀z{mark}{mark}({mark}ü\n{mark}"
    assert stream.has_marks
    plain = utf8.MarkedStream(pa.BufferReader("aé€😀z".encode()))
    assert b"".join(iter(lambda: plain.read(size), b"")).decode() == "aé€😀z"
    assert not plain.has_marks

"""CSV files inside a page."""

import csv
import datetime as dt
import io
from base64 import b64decode
from decimal import Decimal
from gzip import decompress
from urllib.parse import unquote

import pandas as pd
import pytest

from reports.downloads import csv_text, download, download_frame


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝"])  # noqa: RUF001
def test_a_name_that_a_spreadsheet_would_run_is_text(start):
    text = csv_text([{"name": f"{start}HYPERLINK(1)", "gpus": -2.5}], ["name", "gpus"])
    _, (name, gpus) = list(csv.reader(io.StringIO(text)))
    assert name == f"'{start}HYPERLINK(1)"
    assert gpus == "-2.5"  # a number stays one


def test_figures_keep_every_digit_and_unknown_is_empty():
    row = {
        "usd": Decimal("12345678901234567890.123456789012"),
        "ratio": 0.1 + 0.2,
        "ds": dt.datetime(2024, 6, 30, 23),
        "day": dt.date(2024, 6, 30),
        "is_new": True,
        "none": None,
        "nan": float("nan"),
        "text": 'a, "b"\nc',
    }
    (read,) = csv.DictReader(io.StringIO(csv_text([row], list(row))))
    assert read == {
        "usd": "12345678901234567890.123456789012",
        "ratio": "0.30000000000000004",
        "ds": "2024-06-30 23:00:00",
        "day": "2024-06-30",
        "is_new": "true",
        "none": "",
        "nan": "",
        "text": 'a, "b"\nc',
    }


def test_a_long_file_travels_packed_and_is_the_same_every_time():
    rows = [{"hour": n, "gpus": n / 7} for n in range(2000)]
    long, again = download("GPU demand / H100", rows), download("GPU demand / H100", rows)
    assert long == again
    assert long.is_packed and long.name == "gpu-demand-h100.csv" and long.rows == 2000
    text = decompress(b64decode(long.href.partition(",")[2])).decode()
    assert text == csv_text(rows, ["hour", "gpus"])
    short = download("x", rows[:2])
    assert not short.is_packed
    assert unquote(short.href.partition(",")[2]) == csv_text(rows[:2], ["hour", "gpus"])


@pytest.mark.parametrize(
    ("name", "file"),
    [("../../etc/passwd", "etc-passwd.csv"), ("<b>", "b.csv"), ("???", "figure.csv")],
)
def test_a_file_name_is_safe(name, file):
    assert download(name, [{"a": 1}]).name == file


def test_nothing_is_no_link():
    assert download("x", []) is None
    assert download_frame("x", pd.DataFrame({"a": []})) is None


def test_a_frame_is_written_as_its_rows_are():
    frame = pd.DataFrame(
        {
            "name": ["=1+1", "a, b", None],
            "is_new": pd.Series([True, False, None], dtype="object"),
            "ds": pd.to_datetime(["2024-06-30 00:00", "2024-06-30 01:00", None]),
            "y": [1 / 3, 0.1 + 0.2, float("nan")],
        }
    )
    rows = [dict(zip(frame.columns, row, strict=True)) for row in frame.itertuples(index=False)]
    text = unquote(download_frame("x", frame).href.partition(",")[2])
    assert text == csv_text(rows, list(frame.columns))
    assert text.splitlines()[1] == "'=1+1,true,2024-06-30 00:00:00,0.3333333333333333"

"""Figures as CSV files inside the page: a link that works offline, with and without scripts."""

import base64
import csv
import gzip
import io
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import pandas as pd

# Longer texts travel compressed: a page of many hourly charts is a third of its size then.
_PLAIN_UP_TO = 24_000
# A spreadsheet runs a cell that starts so as a formula (OWASP, "CSV Injection").
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001
_LONGEST_NAME = 80


@dataclass(frozen=True)
class Download:
    """A CSV file as the address of a link.

    Attributes:
        name: File name, ending in .csv.
        href: Data address of the text; gzip when `is_packed`, which the page's script unpacks.
        is_packed: Whether it is compressed; without scripts the reader gets name + ".gz".
        rows: Rows without the header.
    """

    name: str
    href: str
    is_packed: bool
    rows: int


def download(
    name: str, rows: Iterable[Mapping[str, Any]], columns: Sequence[str] | None = None
) -> Download | None:
    """Write rows as CSV with every digit.

    Args:
        name: What the file is about; becomes a safe file name.
        rows: One mapping per row.
        columns: Their keys in the order of the file; those of the first row when left out.

    Returns:
        The link; None without rows.
    """
    rows = list(rows)
    if not rows:
        return None
    return _link(name, csv_text(rows, list(rows[0]) if columns is None else columns), len(rows))


def download_frame(name: str, frame: pd.DataFrame) -> Download | None:
    """The same for a frame, column by column: hourly rows of many series."""
    if frame.empty:
        return None
    told = frame.assign(
        **{
            str(column): frame[column].map(
                {value: _cell(value) for value in frame[column].unique()}
            )
            for column in frame.columns[frame.dtypes == "object"]
        }
    )
    text = told.to_csv(index=False, lineterminator="\r\n", date_format="%Y-%m-%d %H:%M:%S")
    return _link(name, text, len(frame))


def _link(name: str, text: str, rows: int) -> Download:
    file_name = f"{_safe_name(name)}.csv"
    if len(text) <= _PLAIN_UP_TO:
        return Download(file_name, f"data:text/csv;charset=utf-8,{quote(text)}", False, rows)
    packed = base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode()
    return Download(file_name, f"data:application/gzip;base64,{packed}", True, rows)


def csv_text(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> str:
    """Write rows as CSV; text that a spreadsheet would run gets an apostrophe before it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_cell(row.get(column)) for column in columns] for row in rows)
    return out.getvalue()


def _cell(value: Any) -> str:
    if value is None or value is pd.NaT:
        return ""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA_STARTS) else value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return repr(float(value)) if math.isfinite(value) else ""
    return str(value)


def _safe_name(name: str) -> str:
    words = re.sub(r"[^A-Za-z0-9._]+", "-", name).strip("-._")
    return words[:_LONGEST_NAME].rstrip("-._").lower() or "figure"

"""Timestamps as text: zones, clock changes, impossible times, numbers in their place."""

import datetime as dt
import json

import pytest

NO_TIMESTAMP = "is not an ISO 8601 timestamp"
NO_DATE = "is not an ISO 8601 date"


def utc(*parts):
    return dt.datetime(*parts)


def gpu_csv(intake, values):
    rows = "".join(f'"{value}",GPU-{row}\n' for row, value in enumerate(values, 1))
    intake.write("gpu_metrics/g.csv", f"timestamp,gpu_uuid\n{rows}")


def gpu_jsonl(intake, values):
    lines = [{"timestamp": value, "gpu_uuid": f"GPU-{i}"} for i, value in enumerate(values, 1)]
    intake.write("gpu_metrics/g.jsonl", "".join(json.dumps(line) + "\n" for line in lines))


GOOD = [
    ("2024-03-10T01:30:00", utc(2024, 3, 10, 1, 30)),
    ("2024-03-10 01:30", utc(2024, 3, 10, 1, 30)),
    ("2024-03-10", utc(2024, 3, 10)),
    (" 2024-03-10T01:30:00Z ", utc(2024, 3, 10, 1, 30)),
    ("2024-03-10t01:30:00z", utc(2024, 3, 10, 1, 30)),
    ("2024-03-10 01:30:00 UTC", utc(2024, 3, 10, 1, 30)),
    ("2024-03-10T01:30:00-0500", utc(2024, 3, 10, 6, 30)),
    ("2024-03-10T01:30:00+05:45", utc(2024, 3, 9, 19, 45)),
    ("2024-03-10T01:30:00 +01", utc(2024, 3, 10, 0, 30)),
    ("2024-03-10T01:30:00.123456789Z", utc(2024, 3, 10, 1, 30, 0, 123456)),
    ("2024-03-10T01:30:00,5Z", utc(2024, 3, 10, 1, 30, 0, 500000)),
    ("2024-02-29T00:00:00Z", utc(2024, 2, 29)),
    ("0001-01-01T00:00:00Z", utc(1, 1, 1)),
    ("9999-12-31T23:59:59.999999Z", utc(9999, 12, 31, 23, 59, 59, 999999)),
    ("1969-12-31T23:59:59.999999999Z", utc(1969, 12, 31, 23, 59, 59, 999999)),
]
BAD = [
    "2024-03-10T24:00:00Z",
    "2024-03-10T23:59:60Z",
    "2024-03-10T25:00:00",
    "2024-03-10T01:60:00",
    "2024-02-30",
    "2023-02-29T00:00:00Z",
    "2024-13-01",
    "2024-00-10",
    "0000-00-00 00:00:00",
    "2024-3-10",
    "24-03-10",
    "10/03/2024",
    "03/10/2024 01:30:00",
    "10.03.2024",
    "20240310",
    "2024-W10-7",
    "2024-070",
    "2024-03",
    "2024",
    "1710034200",
    "1710034200.5",
    "1710034200000",
    "2024-03-10T01:30:00 CET",
    "2024-03-10T01:30:00 Europe/Berlin",
    "2024-03-10T01:30:00[Europe/Berlin]",
    "2024-03-10T01:30:00+25:00",
    "2024-03-10T01:30:00+01:75",
    "2024-03-10T01:30:00+-1:00",
    "10000-01-01T00:00:00",
    "-0001-01-01T00:00:00",
    "\u0662\u0660\u0662\u0664-03-10",
    "today",
    "NaT",
    "nan",
]


@pytest.mark.parametrize("write", [gpu_csv, gpu_jsonl])
def test_legal_timestamps_are_utc(intake, write):
    write(intake, [text for text, _ in GOOD])
    taken = intake.take("gpu_metrics")
    assert taken.bad == []
    assert taken.column("timestamp") == [moment for _, moment in GOOD]


@pytest.mark.parametrize("text,moment", GOOD)
def test_each_legal_timestamp_alone(intake, text, moment):
    gpu_csv(intake, [text])
    assert intake.take("gpu_metrics").column("timestamp") == [moment]


@pytest.mark.parametrize("write", [gpu_csv, gpu_jsonl])
def test_illegal_timestamps_are_quarantined_and_their_neighbours_are_not(intake, write):
    mixed = [value for text in BAD for value in (text, "2024-01-01T00:00:00+01:00")]
    write(intake, mixed)
    taken = intake.take("gpu_metrics")
    assert taken.quarantine == [
        (2 * i + 1, "timestamp", text, NO_TIMESTAMP) for i, text in enumerate(BAD)
    ]
    assert taken.column("timestamp") == [utc(2023, 12, 31, 23)] * len(BAD)


@pytest.mark.parametrize("text", BAD)
def test_each_illegal_timestamp_alone(intake, text):
    gpu_csv(intake, [text])
    assert intake.take("gpu_metrics").quarantine == [(1, "timestamp", text, NO_TIMESTAMP)]


@pytest.mark.parametrize("value", [1710034200, 1710034200.5, True, {"a": 1}, ["2024-01-01"]])
def test_json_numbers_and_objects_are_no_timestamps(intake, value):
    gpu_jsonl(intake, [value, "2024-01-01"])
    taken = intake.take("gpu_metrics")
    ((number, column, _, reason),) = taken.quarantine
    assert (number, column, reason) == (1, "timestamp", NO_TIMESTAMP)
    assert taken.column("timestamp") == [utc(2024, 1, 1)]


@pytest.mark.parametrize("write", [gpu_csv, gpu_jsonl])
def test_the_hour_that_happens_twice_stays_two_hours(intake, write):
    # Berlin sets its clocks back from 03:00 +02:00 to 02:00 +01:00.
    write(
        intake,
        [
            "2024-10-27T02:30:00+02:00",
            "2024-10-27T02:30:00+01:00",
            "2024-10-27T02:30:00",
            "2024-10-27T03:00:00+01:00",
        ],
    )
    assert intake.take("gpu_metrics").column("timestamp") == [
        utc(2024, 10, 27, 0, 30),
        utc(2024, 10, 27, 1, 30),
        utc(2024, 10, 27, 2, 30),
        utc(2024, 10, 27, 2, 0),
    ]


def test_the_hour_that_never_happens_is_utc_like_any_other(intake):
    gpu_csv(intake, ["2024-03-31T02:30:00", "2024-03-31T02:30:00+01:00"])
    assert intake.take("gpu_metrics").column("timestamp") == [
        utc(2024, 3, 31, 2, 30),
        utc(2024, 3, 31, 1, 30),
    ]


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00"])
def test_an_offset_beyond_the_calendar_is_quarantined(intake, text):
    # As UTC these lie in the years 0 and 10000, which no reader of the lake can show.
    gpu_csv(intake, [text])
    assert intake.take("gpu_metrics").quarantine == [(1, "timestamp", text, NO_TIMESTAMP)]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-03-10", dt.date(2024, 3, 10)),
        ("2024-03-10T23:30:00-05:00", dt.date(2024, 3, 11)),
        ("2024-03-10 00:30:00+01:00", dt.date(2024, 3, 9)),
        ("1969-12-31T12:00:00Z", dt.date(1969, 12, 31)),
    ],
)
def test_a_date_is_the_utc_day(intake, text, day):
    intake.write("product_kpis/k.csv", f"date,feature\n{text},x\n")
    assert intake.take("product_kpis").column("date") == [day]


@pytest.mark.parametrize("text", ["2024-02-30", "45000", "10/03/2024", "0000-00-00"])
def test_what_is_no_date_says_so(intake, text):
    intake.write("product_kpis/k.csv", f"date,feature\n{text},x\n")
    assert intake.take("product_kpis").quarantine == [(1, "date", text, NO_DATE)]

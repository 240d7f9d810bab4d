"""Timestamps: every legal spelling lands on the same UTC microsecond as Python's datetime."""

import datetime as dt

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.casting import CASTS


def cast(values, kind=None):
    return CASTS["timestamp"](pa.array(values, kind))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-09-01", "2024-09-01 00:00:00"),
        ("2024-09-01T01", "2024-09-01 01:00:00"),
        ("2024-09-01T01Z", "2024-09-01 01:00:00"),
        ("2024-09-01T01+02:00", "2024-08-31 23:00:00"),
        ("2024-09-01 01 -05", "2024-09-01 06:00:00"),
        ("2024-09-01 01:02", "2024-09-01 01:02:00"),
        ("2024-09-01T01:02:03", "2024-09-01 01:02:03"),
        ("2024-09-01 01:02:03Z", "2024-09-01 01:02:03"),
        ("2024-09-01t01:02:03z", "2024-09-01 01:02:03"),
        ("2024-09-01T01:02:03.1234567Z", "2024-09-01 01:02:03.123456"),
        ("2024-09-01 01:02:03.999999999", "2024-09-01 01:02:03.999999"),
        ("2024-09-01T01:02:03.5", "2024-09-01 01:02:03.500000"),
        ("2024-09-01T01:02:03+02:00", "2024-08-31 23:02:03"),
        ("2024-09-01T01:02:03-0530", "2024-09-01 06:32:03"),
        ("2024-09-01 01:02:03 +0100", "2024-09-01 00:02:03"),
        ("2024-09-01 01:02:03+01", "2024-09-01 00:02:03"),
        ("2024-09-01 01:02:03 UTC", "2024-09-01 01:02:03"),
        (" 2024-09-01 ", "2024-09-01 00:00:00"),
    ],
)
def test_spellings(text, expected):
    # Alone, and in company of another spelling: the fast and the careful path agree.
    for company in ([text], [text, "2024-01-01", "2024-01-01T00:00:00.1234567+01:00", "bad"]):
        casted = cast(company)
        assert casted.values[0].as_py() == dt.datetime.fromisoformat(expected)


@pytest.mark.parametrize(
    "text",
    [
        "2024-02-30",
        "2024-13-01",
        "01/09/2024",
        "2024-09-01T25:00:00",
        "1725148800",
        "now",
        "2024-09-01T01:02:03+25:00",
    ],
)
def test_what_is_no_timestamp_fails_alone(text):
    casted = cast(["2024-01-01", text, None, ""])
    assert casted.values.to_pylist() == [dt.datetime(2024, 1, 1), None, None, None]
    masks = [failure.mask.to_pylist() for failure in casted.failures]
    assert masks == [[False, True, False, False]]


moments = st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2200, 1, 1))
offsets = st.integers(-14 * 60, 14 * 60)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(moments, st.none() | offsets), min_size=1, max_size=9))
def test_iso_texts_equal_pythons_datetime(cases):
    texts, expected = [], []
    for moment, offset in cases:
        if offset is None:
            texts.append(moment.isoformat())
            expected.append(moment)
        else:
            zone = dt.timezone(dt.timedelta(minutes=offset))
            texts.append(moment.replace(tzinfo=zone).isoformat())
            expected.append(moment - dt.timedelta(minutes=offset))
    assert cast(texts).values.to_pylist() == expected


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("zone", [None, "UTC", "America/New_York"])
def test_arrow_timestamps_of_any_unit_and_zone(unit, zone):
    moment = dt.datetime(2024, 7, 1, 12, tzinfo=dt.UTC)
    value = moment if zone else moment.replace(tzinfo=None)
    casted = cast([value, None], pa.timestamp(unit, zone))
    assert casted.values.type == pa.timestamp("us")
    assert casted.values.to_pylist() == [dt.datetime(2024, 7, 1, 12), None]


def test_nanoseconds_are_cut_off():
    assert cast([1_999], pa.timestamp("ns")).values.to_pylist() == [
        dt.datetime(1970, 1, 1, 0, 0, 0, 1)
    ]


def test_numbers_are_no_timestamps():
    casted = cast([1725148800, None])
    assert casted.failures[0].mask.to_pylist() == [True, False]


def test_dates():
    casted = CASTS["date"](pa.array(["2024-01-01", "2024-01-01T23:00:00-02:00", "x", None]))
    assert casted.values.to_pylist() == [dt.date(2024, 1, 1), dt.date(2024, 1, 2), None, None]
    assert casted.failures[0].reason == "is not an ISO 8601 date"
    same = CASTS["date"](pa.array([dt.date(2024, 1, 1)]))
    assert same.values.to_pylist() == [dt.date(2024, 1, 1)]

"""Parquet columns in other physical types than one would choose."""

import datetime as dt
import uuid
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

NO_NUMBER = "is not a number"
NO_TIMESTAMP = "is not an ISO 8601 timestamp"
MOMENT = dt.datetime(2024, 3, 10, 1, 30, 0, 123000)
CODES = pa.dictionary(pa.int32(), pa.string())


def gpu(intake, **columns):
    count = len(next(iter(columns.values())))
    plain = {"timestamp": ["2024-03-10"] * count, "gpu_uuid": ["GPU-1"] * count}
    intake.write_parquet("gpu_metrics/g.parquet", pa.table(plain | columns))
    return intake.take("gpu_metrics")


def kpi(intake, **columns):
    count = len(next(iter(columns.values())))
    plain = {"date": ["2024-03-10"] * count, "feature": ["x"] * count}
    intake.write_parquet("product_kpis/k.parquet", pa.table(plain | columns))
    return intake.take("product_kpis")


@pytest.mark.parametrize(
    "kind",
    [
        pa.string(),
        pa.large_string(),
        pa.string_view(),
        pa.binary(),
        pa.large_binary(),
        pa.binary_view(),
        CODES,
        pa.dictionary(pa.int8(), pa.large_string()),
    ],
    ids=str,
)
def test_texts_of_every_kind(intake, kind):
    texts = [" a ", "ü", None, "", "a"]
    taken = gpu(intake, hostname=pa.array(texts).cast(kind))
    assert taken.column("hostname") == ["a", "ü", None, None, "a"]


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.string_view(), CODES], ids=str)
def test_numbers_and_moments_as_texts_of_every_kind(intake, kind):
    taken = kpi(
        intake,
        date=pa.array(["2024-03-10", "2024-03-10", "soon"]).cast(kind),
        exposures=pa.array(["5", "5.5", "5"]).cast(kind),
        revenue=pa.array(["0.10", "1", "1"]).cast(kind),
        variant=pa.array(["Control", "control", "control"]).cast(kind),
    )
    assert taken.column("exposures") == [5]
    assert taken.column("revenue") == [Decimal("0.10")]
    assert taken.column("variant") == ["control"]
    assert taken.quarantine == [
        (2, "exposures", "5.5", "is not a whole number"),
        (3, "date", "soon", "is not an ISO 8601 date"),
    ]


def test_bytes_that_are_no_text(intake):
    taken = gpu(intake, hostname=pa.array([b"a", b"\xff\xfe", None], pa.binary()))
    assert taken.column("hostname") == ["a", None]
    assert taken.quarantine == [(2, "hostname", "\ufffd\ufffd", "is not valid UTF-8")]


def test_fixed_size_bytes(intake):
    taken = gpu(intake, hostname=pa.array([b"host", b"caf\xe9"], pa.binary(4)))
    assert taken.column("hostname") == ["host"]
    assert taken.quarantine == [(2, "hostname", "caf\ufffd", "is not valid UTF-8")]


@pytest.mark.parametrize(
    "kind",
    [
        pa.decimal128(10, 2),
        pa.decimal128(38, 20),
        pa.decimal256(60, 30),
        pa.decimal256(76, 2),
        pa.decimal128(5, 2),
    ],
    ids=str,
)
def test_money_in_decimals_of_every_size(intake, kind):
    values = [Decimal("0.10"), None, Decimal("-123.45")]
    taken = kpi(intake, revenue=pa.array(values, kind))
    assert taken.column("revenue") == values


def test_decimals_too_large_for_money(intake):
    values = [Decimal(10) ** 12, Decimal("1.5"), Decimal(10) ** 60, -(Decimal(10) ** 12)]
    taken = kpi(intake, revenue=pa.array(values, pa.decimal256(76, 2)))
    assert taken.column("revenue") == [Decimal("1.5")]
    assert [(row, reason) for row, _, _, reason in taken.quarantine] == [
        (row, "has more than 12 digits before the decimal point") for row in (1, 3, 4)
    ]


@pytest.mark.parametrize(
    "kind",
    [pa.int8(), pa.uint8(), pa.int16(), pa.uint16(), pa.int32(), pa.uint32(), pa.int64()],
    ids=str,
)
def test_whole_numbers_of_every_size(intake, kind):
    taken = kpi(intake, exposures=pa.array([1, None, 100], kind), revenue=pa.array([2, 3, 4], kind))
    assert taken.column("exposures") == [1, None, 100]
    assert taken.column("revenue") == [Decimal(2), Decimal(3), Decimal(4)]


def test_unsigned_numbers_beyond_64_bits(intake):
    taken = kpi(intake, exposures=pa.array([2**63, 5, 2**64 - 1], pa.uint64()))
    assert taken.column("exposures") == [5]
    assert [(row, reason) for row, _, _, reason in taken.quarantine] == [
        (1, "is too large for a whole number"),
        (3, "is too large for a whole number"),
    ]


WRONG_FOR_NUMBERS = [
    pytest.param(pa.array([True, False]), id="bool"),
    pytest.param(pa.array([[1], [2]]), id="list"),
    pytest.param(pa.array([[1], [2]], pa.large_list(pa.int64())), id="large list"),
    pytest.param(pa.array([[1], [2]], pa.list_(pa.int64(), 1)), id="fixed list"),
    pytest.param(pa.array([{"a": 1}, {"a": 2}]), id="struct"),
    pytest.param(pa.array([[("a", 1)], [("b", 2)]], pa.map_(pa.string(), pa.int64())), id="map"),
    pytest.param(pa.array([MOMENT, MOMENT], pa.timestamp("us")), id="timestamp"),
    pytest.param(pa.array([MOMENT, MOMENT], pa.timestamp("us", "UTC")), id="zoned timestamp"),
    pytest.param(pa.array([dt.date(2024, 1, 1)] * 2), id="date"),
    pytest.param(pa.array([dt.time(1, 2)] * 2), id="time"),
    pytest.param(pa.array([dt.timedelta(1)] * 2), id="duration"),
    pytest.param(pa.array([b"\xff", b"\xfe"]), id="bytes"),
]


@pytest.mark.parametrize("values", WRONG_FOR_NUMBERS)
@pytest.mark.parametrize("column", ["exposures", "revenue"])
def test_what_is_no_number_spoils_each_row(intake, values, column):
    taken = kpi(intake, **{column: values})
    assert taken.good == []
    assert [(row, name) for row, name, _, _ in taken.quarantine] == [(1, column), (2, column)]
    assert all(reason in (NO_NUMBER, "is not valid UTF-8") for *_, reason in taken.quarantine)


@pytest.mark.parametrize("values", WRONG_FOR_NUMBERS)
def test_what_is_no_measurement_spoils_each_row(intake, values):
    taken = gpu(intake, DCGM_FI_DEV_POWER_USAGE=values)
    assert taken.good == []
    assert [row for row, *_ in taken.quarantine] == [1, 2]


@pytest.mark.parametrize("values", WRONG_FOR_NUMBERS)
@pytest.mark.parametrize("name", ["hostname", "ignored"])
def test_anything_may_be_text_or_ignored(intake, values, name):
    taken = gpu(intake, **{name: values})
    assert len(taken.good) + len(taken.bad) == 2
    if name == "ignored" or not pa.types.is_binary(values.type):
        assert taken.bad == []


@pytest.mark.parametrize("zone", [None, "UTC", "Europe/Berlin", "+02:00", "America/New_York"])
@pytest.mark.parametrize("unit", ["ms", "us", "ns"])
def test_timestamps_of_every_unit_and_zone_are_utc(intake, unit, zone):
    stamps = pa.array([MOMENT, None], pa.timestamp(unit, zone))
    taken = gpu(intake, timestamp=stamps)
    assert taken.column("timestamp") == [MOMENT]
    assert taken.quarantine == [(2, "timestamp", None, "is missing")]


def test_seconds_and_nanoseconds_are_cut_to_microseconds(intake):
    stamps = pa.array([1_710_034_200, -1]).cast(pa.timestamp("s"))
    assert gpu(intake, timestamp=stamps).column("timestamp") == [
        dt.datetime(2024, 3, 10, 1, 30),
        dt.datetime(1969, 12, 31, 23, 59, 59),
    ]


def test_timestamps_in_the_old_96_bits(intake):
    table = pa.table({"timestamp": pa.array([MOMENT], pa.timestamp("ns")), "gpu_uuid": ["g"]})
    intake.write_parquet("gpu_metrics/g.parquet", table, use_deprecated_int96_timestamps=True)
    assert intake.take("gpu_metrics").column("timestamp") == [MOMENT]


def test_dates_for_timestamps_and_timestamps_for_dates(intake):
    days = pa.array([dt.date(2024, 3, 10), dt.date(1969, 12, 31)])
    assert gpu(intake, timestamp=days).column("timestamp") == [
        dt.datetime(2024, 3, 10),
        dt.datetime(1969, 12, 31),
    ]
    stamps = pa.array([MOMENT, MOMENT], pa.timestamp("us", "America/New_York"))
    assert kpi(intake, date=stamps).column("date") == [dt.date(2024, 3, 10)] * 2


@pytest.mark.parametrize(
    "values",
    [
        pytest.param(pa.array([1_710_034_200, 0]), id="epoch seconds"),
        pytest.param(pa.array([1.7e9, 0.5]), id="floats"),
        pytest.param(pa.array([True, False]), id="bool"),
        pytest.param(pa.array([dt.time(1, 2)] * 2), id="time"),
        pytest.param(pa.array([dt.timedelta(1)] * 2), id="duration"),
        pytest.param(pa.array([Decimal("1.5")] * 2), id="decimal"),
        pytest.param(pa.array([["2024-01-01"]] * 2), id="list"),
        pytest.param(pa.array([{"t": "2024-01-01"}] * 2), id="struct"),
    ],
)
def test_what_is_no_timestamp_spoils_each_row(intake, values):
    taken = gpu(intake, timestamp=values)
    assert [(row, name, reason) for row, name, _, reason in taken.quarantine] == [
        (1, "timestamp", NO_TIMESTAMP),
        (2, "timestamp", NO_TIMESTAMP),
    ]


def test_moments_beyond_the_calendar(intake):
    raw = pa.array([0, 2**62, -(2**62)])
    taken = gpu(intake, timestamp=raw.cast(pa.timestamp("us")))
    assert taken.column("timestamp") == [dt.datetime(1970, 1, 1)]
    assert [(row, reason) for row, _, _, reason in taken.quarantine] == [
        (2, NO_TIMESTAMP),
        (3, NO_TIMESTAMP),
    ]
    taken = gpu(intake, timestamp=raw.cast(pa.timestamp("ms")))
    assert taken.column("timestamp") == [dt.datetime(1970, 1, 1)]
    days = pa.array([0, 2**31 - 1, -(2**31)], pa.int32()).cast(pa.date32())
    taken = kpi(intake, date=days)
    assert taken.column("date") == [dt.date(1970, 1, 1)]
    assert [(row, reason) for row, _, _, reason in taken.quarantine] == [
        (2, "is not an ISO 8601 date"),
        (3, "is not an ISO 8601 date"),
    ]


def test_columns_of_nothing_but_null(intake):
    taken = gpu(intake, hostname=pa.nulls(2), DCGM_FI_DEV_POWER_USAGE=pa.nulls(2))
    assert taken.column("hostname") == [None, None]
    assert taken.column("dcgm_fi_dev_power_usage") == [None, None]
    taken = kpi(intake, revenue=pa.nulls(1), exposures=pa.nulls(1), variant=pa.nulls(1))
    assert (taken.column("revenue"), taken.bad) == ([None], [])
    taken = kpi(intake, date=pa.nulls(1))
    assert taken.quarantine == [(1, "date", None, "is missing")]


def test_types_may_change_from_file_to_file(intake):
    for name, values in {
        "a": pa.array([1, 2]),
        "b": pa.array(["3", "x"]),
        "c": pa.array([4.0, 4.5]),
        "d": pa.array([[5], [6]]),
    }.items():
        table = pa.table({"date": ["2024-01-01"] * 2, "feature": [name] * 2, "exposures": values})
        intake.write_parquet(f"product_kpis/{name}.parquet", table)
    taken = intake.take("product_kpis")
    assert taken.column("exposures") == [1, 2, 3, 4]
    assert taken.quarantine == [
        (2, "exposures", "x", NO_NUMBER),
        (2, "exposures", "4.5", "is not a whole number"),
        (1, "exposures", "[5]", NO_NUMBER),
        (2, "exposures", "[6]", NO_NUMBER),
    ]


def test_extension_types_are_read_as_what_they_store(intake):
    documents = pa.array(['{"a": 1}'], pa.json_())
    assert gpu(intake, endpoint=documents).column("endpoint") == ['{"a": 1}']


def test_uuids_are_texts(intake):
    ids = [uuid.UUID(int=7), None, uuid.UUID("d9428888-122b-11e1-b85c-61cd3cbb3210")]
    raw = pa.array([None if each is None else each.bytes for each in ids], pa.binary(16))
    taken = gpu(intake, hostname=pa.ExtensionArray.from_storage(pa.uuid(), raw))
    assert taken.column("hostname") == [None if each is None else str(each) for each in ids]
    empty = pa.ExtensionArray.from_storage(pa.uuid(), raw[:0])
    assert gpu(intake, hostname=empty).good == []


def test_a_long_text_is_cut_in_quarantine_only(intake):
    long = "a" * 1_000_000
    taken = kpi(intake, feature=[long, "y"], exposures=["1", long])
    assert taken.column("feature") == [long]
    assert taken.quarantine == [(2, "exposures", "a" * 1000, NO_NUMBER)]


def test_a_text_column_whose_dictionary_holds_a_bad_value(intake):
    # Repeated texts are read as dictionaries, each value judged once for all its rows.
    rows = 5000
    words = ["2024-01-01", "never"]
    table = pa.table({"date": [words[row % 2] for row in range(rows)], "feature": ["x"] * rows})
    path = intake.write_parquet("product_kpis/k.parquet", table)
    assert pq.ParquetFile(path).metadata.row_group(0).column(0).has_dictionary_page
    taken = intake.take("product_kpis")
    assert len(taken.good) == rows // 2
    assert [row for row, *_ in taken.quarantine] == list(range(2, rows + 1, 2))

"""Numbers at the edge of what the readers and casts can hold, the same in every format."""

import csv
import io
import json
from decimal import Decimal

import pyarrow as pa
import pytest

NO_NUMBER = "is not a number"
NOT_WHOLE = "is not a whole number"
TOO_MANY_DIGITS = "has more than 12 digits before the decimal point"
TOO_LARGE = "is too large for a whole number"
TOO_LARGE_FOR_DOUBLE = "is too large for a double"

BILL = {
    "BillingCurrency": "USD",
    "BillingPeriodStart": "2024-09-01",
    "ChargePeriodStart": "2024-09-02",
    "ChargeCategory": "Usage",
}
KPI = {"date": "2024-01-01", "feature": "x"}
GPU = {"timestamp": "2024-01-01", "gpu_uuid": "g"}
FORMATS = ["a.csv", "a.csv.gz", "a.jsonl", "a.jsonl.gz", "a.parquet"]


def take(intake, system, name, column, texts, others):
    """Takes one row per text in a column, beside the values that every row has."""
    rows = [{**others, column: text} for text in texts]
    path = f"{system}/{name}"
    if name.endswith(".parquet"):
        intake.write_parquet(path, pa.Table.from_pylist(rows))
    elif ".csv" in name:
        content = io.StringIO()
        writer = csv.DictWriter(content, [*others, column], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        intake.write(path, content.getvalue())
    else:
        intake.write(path, "".join(json.dumps(row) + "\n" for row in rows))
    return intake.take(system)


# What means the same wherever a number is expected: no number at all.
NO_NUMBERS = [
    *("NaN", "nan", "-NaN", "Infinity", "-Infinity", "inf", "-inf", "+inf", "INF", "nan(1)"),
    *("0x10", "0b1", "1,000.50", "1.000,50", "1,50", "1 000", "1\u00a0000", "1'000", "1_000"),
    *("$5", "5 USD", "€5", "USD5", "5%", "(5)", "5-", "--5", "+-5", "- 5", "5 5", "1.5.2"),
    *("1e", "e5", "1e+", "1e5.5", ".", "-", "+", "5f", "5d", "5L", "five", "N/A", "None", "#REF!"),
    *("٣", "\uff15", "½", "²", "\u22125", "=1+1", "true"),
]
MONEY = {
    "0": Decimal(0),
    "-0": Decimal(0),
    "-0.00": Decimal(0),
    "1E+3": Decimal(1000),
    "1e-3": Decimal("0.001"),
    "1.5e2": Decimal(150),
    "+5": Decimal(5),
    " 7 ": Decimal(7),
    ".5": Decimal("0.5"),
    "5.": Decimal(5),
    "007": Decimal(7),
    "-1234567.89": Decimal("-1234567.89"),
    "0.1000000000005": Decimal("0.100000000000"),
    "0.1000000000015": Decimal("0.100000000002"),
    "1e-400": Decimal(0),
    "-1e-99999999999999999999": Decimal(0),
    "0e99999999999999999999": Decimal(0),
    "0." + "0" * 5000 + "1": Decimal(0),
    "0" * 5000 + "1": Decimal(1),
    "999999999999.999999999999": Decimal("999999999999.999999999999"),
    "-999999999999.999999999999": Decimal("-999999999999.999999999999"),
    "123456789012.00000000000000000000000000000000000000000000000000": Decimal(123456789012),
}
TOO_MUCH_MONEY = [
    *("1e12", "-1e12", "1000000000000", "999999999999.9999999999995", "1e400", "-1e400"),
    *("1" + "0" * 38, "9" * 39, "-" + "9" * 77, "9" * 5000, "1e999999999999999999"),
    *(
        "1e99999999999999999999",
        "-1e99999999999999999999",
        "340282366920938463463374607431768211456",
    ),
]


@pytest.mark.parametrize("name", FORMATS)
def test_money(intake, name):
    texts = [*MONEY, *NO_NUMBERS, *TOO_MUCH_MONEY]
    taken = take(intake, "billing", name, "BilledCost", texts, BILL)
    assert taken.column("billed_cost") == list(MONEY.values())
    first = len(MONEY) + 1
    expected = [(text, NO_NUMBER) for text in NO_NUMBERS]
    expected += [(text[:1000], TOO_MANY_DIGITS) for text in TOO_MUCH_MONEY]
    assert taken.quarantine == [
        (row, "BilledCost", *what) for row, what in enumerate(expected, first)
    ]


COUNTS = {
    "0": 0,
    "-0": 0,
    "12": 12,
    "12.0": 12,
    "12.": 12,
    "+12": 12,
    " 12 ": 12,
    "0012": 12,
    "1E+3": 1000,
    "1.2e1": 12,
    "9.223372036854775807e18": 2**63 - 1,
    "9223372036854775807": 2**63 - 1,
    "9223372036854775807.000": 2**63 - 1,
    "0e179": 0,
    "0e99999999999999999999": 0,
    "12." + "0" * 5000: 12,
}
BAD_COUNTS = {
    "12.5": NOT_WHOLE,
    "1e-1": NOT_WHOLE,
    "1e-400": NOT_WHOLE,
    "1e-99999999999999999999": NOT_WHOLE,
    "12." + "0" * 5000 + "1": NOT_WHOLE,
    "9223372036854775808": TOO_LARGE,
    "9223372036854775808.0": TOO_LARGE,
    "1e19": TOO_LARGE,
    "9.223372036854775808e18": TOO_LARGE,
    "1e400": TOO_LARGE,
    "-1e99999999999999999999": TOO_LARGE,
    "9" * 5000: TOO_LARGE,
    "-1": "is below 0",
    "-9223372036854775808": "is below 0",
    **dict.fromkeys(NO_NUMBERS, NO_NUMBER),
}


@pytest.mark.parametrize("name", FORMATS)
def test_counts(intake, name):
    texts = [*COUNTS, *BAD_COUNTS]
    taken = take(intake, "product_kpis", name, "exposures", texts, KPI)
    assert taken.column("exposures") == list(COUNTS.values())
    assert taken.quarantine == [
        (row, "exposures", text[:1000], reason)
        for row, (text, reason) in enumerate(BAD_COUNTS.items(), len(COUNTS) + 1)
    ]


@pytest.mark.parametrize("text", [*COUNTS, *BAD_COUNTS])
def test_a_count_alone_is_judged_as_in_company(intake, text):
    taken = take(intake, "product_kpis", "a.csv", "exposures", [text], KPI)
    if text in COUNTS:
        assert (taken.column("exposures"), taken.bad) == ([COUNTS[text]], [])
    else:
        assert taken.quarantine == [(1, "exposures", text[:1000], BAD_COUNTS[text])]


MEASURES = {
    "0": 0.0,
    "-0": 0.0,
    "0.1": 0.1,
    "1E+3": 1000.0,
    "+5": 5.0,
    " 5 ": 5.0,
    ".5": 0.5,
    "5.": 5.0,
    "-273.15": -273.15,
    "1e-400": 0.0,
    "1e-99999999999999999999": 0.0,
    "5e-324": 5e-324,
    "1.7976931348623157e308": 1.7976931348623157e308,
    "0." + "0" * 5000 + "1": 0.0,
}
BAD_MEASURES = {
    "1e309": TOO_LARGE_FOR_DOUBLE,
    "-1e400": TOO_LARGE_FOR_DOUBLE,
    "1e99999999999999999999": TOO_LARGE_FOR_DOUBLE,
    "9" * 5000: TOO_LARGE_FOR_DOUBLE,
    **dict.fromkeys(NO_NUMBERS, NO_NUMBER),
}


@pytest.mark.parametrize("name", FORMATS)
def test_measures(intake, name):
    texts = [*MEASURES, *BAD_MEASURES]
    taken = take(intake, "gpu_metrics", name, "DCGM_FI_DEV_POWER_USAGE", texts, GPU)
    assert taken.column("dcgm_fi_dev_power_usage") == list(MEASURES.values())
    assert taken.quarantine == [
        (row, "DCGM_FI_DEV_POWER_USAGE", text[:1000], reason)
        for row, (text, reason) in enumerate(BAD_MEASURES.items(), len(MEASURES) + 1)
    ]


@pytest.mark.parametrize("text", [*MEASURES, *BAD_MEASURES])
def test_a_measure_alone_is_judged_as_in_company(intake, text):
    taken = take(intake, "gpu_metrics", "a.csv", "DCGM_FI_DEV_POWER_USAGE", [text], GPU)
    if text in MEASURES:
        assert (taken.column("dcgm_fi_dev_power_usage"), taken.bad) == ([MEASURES[text]], [])
    else:
        name = "DCGM_FI_DEV_POWER_USAGE"
        assert taken.quarantine == [(1, name, text[:1000], BAD_MEASURES[text])]


@pytest.mark.parametrize(
    ("kind", "text", "exact"),
    [
        (pa.float64(), 0.1, "0.1"),
        (pa.float32(), 0.1, "0.1"),
        (pa.float16(), 0.5, "0.5"),
        (pa.float64(), 1 / 3, "0.333333333333"),
        (pa.float64(), 1e-13, "0"),
        (pa.float64(), -0.0, "0"),
        (pa.decimal32(5, 2), Decimal("123.45"), "123.45"),
        (pa.decimal64(12, 2), Decimal("123.45"), "123.45"),
    ],
)
def test_money_in_floats_is_read_by_its_shortest_text(intake, kind, text, exact):
    columns = {name: [value] for name, value in BILL.items()}
    money = pa.array([text], pa.float64()).cast(kind) if pa.types.is_floating(kind) else None
    money = pa.array([text], kind) if money is None else money
    intake.write_parquet("billing/a.parquet", pa.table({**columns, "BilledCost": money}))
    assert intake.take("billing").column("billed_cost") == [Decimal(exact)]


@pytest.mark.parametrize("kind", [pa.decimal32(5, 2), pa.decimal64(12, 2), pa.decimal128(38, 2)])
def test_counts_in_decimals(intake, kind):
    counts = pa.array([Decimal("5.00"), Decimal("5.01"), None], kind)
    columns = {name: [value] * 3 for name, value in KPI.items()}
    intake.write_parquet("product_kpis/a.parquet", pa.table({**columns, "exposures": counts}))
    taken = intake.take("product_kpis")
    assert taken.column("exposures") == [5, None]
    assert taken.quarantine == [(2, "exposures", "5.01", NOT_WHOLE)]

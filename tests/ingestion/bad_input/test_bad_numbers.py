"""Amounts, counts and measurements: astronomical, badly written, NaN and infinite."""

import json
from decimal import Decimal

import pyarrow as pa
import pytest

NO_NUMBER = "is not a number"
TOO_LARGE = "has more than 12 digits before the decimal point"
BILL = "BilledCost,BillingCurrency,BillingPeriodStart,ChargePeriodStart,ChargeCategory"
REST = "2024-09-01,2024-09-02,Usage"

GOOD_MONEY = [
    ("0", "0"),
    ("-0", "0"),
    ("-0.00", "0"),
    ("+5", "5"),
    ("-17.25", "-17.25"),
    (".5", "0.5"),
    ("5.", "5"),
    ("007", "7"),
    ("1E+3", "1000"),
    ("1e-12", "0.000000000001"),
    ("5e-13", "0"),
    ("1.5e-12", "0.000000000002"),
    ("1e-400", "0"),
    ("0e400", "0"),
    ("0.1234567890125", "0.123456789012"),
    ("0.1234567890135", "0.123456789014"),
    ("999999999999.999999999999", "999999999999.999999999999"),
    ("-999999999999.999999999999", "-999999999999.999999999999"),
    ("0." + "0" * 60 + "1", "0"),
    ("0" * 60 + "1.5", "1.5"),
    ("1.0" + "0" * 100, "1"),
    (" 3.5 ", "3.5"),
]
BAD_MONEY = [
    ("1000000000000", TOO_LARGE),
    ("-1000000000000", TOO_LARGE),
    ("999999999999.9999999999995", TOO_LARGE),
    ("9" * 39, TOO_LARGE),
    ("9" * 400, TOO_LARGE),
    ("1e12", TOO_LARGE),
    ("1e400", TOO_LARGE),
    ("-1e400", TOO_LARGE),
    ("1e999999999999", TOO_LARGE),
    ("NaN", NO_NUMBER),
    ("nan", NO_NUMBER),
    ("Infinity", NO_NUMBER),
    ("inf", NO_NUMBER),
    ("-inf", NO_NUMBER),
    ("+Inf", NO_NUMBER),
    ("0x1A", NO_NUMBER),
    ("1,000.50", NO_NUMBER),
    ("1.000,50", NO_NUMBER),
    ("1 000", NO_NUMBER),
    ("1_000", NO_NUMBER),
    ("3,50", NO_NUMBER),
    ("$5", NO_NUMBER),
    ("5 USD", NO_NUMBER),
    ("5€", NO_NUMBER),
    ("(5)", NO_NUMBER),
    ("5-", NO_NUMBER),
    ("--5", NO_NUMBER),
    ("1.2.3", NO_NUMBER),
    ("1e", NO_NUMBER),
    ("e5", NO_NUMBER),
    (".", NO_NUMBER),
    ("-", NO_NUMBER),
    ("\u0665", NO_NUMBER),
    ("\u22125", NO_NUMBER),
    ("true", NO_NUMBER),
    ("free", NO_NUMBER),
]


def bill_csv(intake, amounts, currency="USD"):
    rows = "".join(f'"{amount}",{currency},{REST}\n' for amount in amounts)
    intake.write("billing/b.csv", f"{BILL}\n{rows}")
    return intake.take("billing")


def bill_jsonl(intake, amounts):
    names = BILL.split(",")
    values = [[amount, "USD", *REST.split(",")] for amount in amounts]
    lines = [json.dumps(dict(zip(names, row, strict=True))) for row in values]
    intake.write("billing/b.jsonl", "".join(f"{line}\n" for line in lines))
    return intake.take("billing")


def bill_parquet(intake, amounts):
    count = len(amounts)
    columns = {"BilledCost": amounts, "BillingCurrency": ["USD"] * count}
    rest = zip(BILL.split(",")[2:], REST.split(","), strict=True)
    columns |= {name: [value] * count for name, value in rest}
    intake.write_parquet("billing/b.parquet", pa.table(columns))
    return intake.take("billing")


EVERY_FORMAT = pytest.mark.parametrize("bill", [bill_csv, bill_jsonl, bill_parquet])


@EVERY_FORMAT
def test_legal_amounts_arrive_exactly(intake, bill):
    taken = bill(intake, [text for text, _ in GOOD_MONEY])
    assert taken.bad == []
    assert taken.column("billed_cost") == [Decimal(value) for _, value in GOOD_MONEY]


@pytest.mark.parametrize(("text", "value"), GOOD_MONEY)
def test_each_legal_amount_alone(intake, text, value):
    assert bill_csv(intake, [text]).column("billed_cost") == [Decimal(value)]


@EVERY_FORMAT
def test_illegal_amounts_are_quarantined_and_their_neighbours_are_not(intake, bill):
    mixed = [text for bad, _ in BAD_MONEY for text in (bad, "0.10")]
    taken = bill(intake, mixed)
    assert taken.quarantine == [
        (2 * i + 1, "BilledCost", text, reason) for i, (text, reason) in enumerate(BAD_MONEY)
    ]
    assert sum(taken.column("billed_cost")) == Decimal("0.10") * len(BAD_MONEY)


@pytest.mark.parametrize(("text", "reason"), BAD_MONEY)
def test_each_illegal_amount_alone(intake, text, reason):
    assert bill_csv(intake, [text]).quarantine == [(1, "BilledCost", text, reason)]


@pytest.mark.parametrize(
    ("number", "shown", "reason"),
    [
        ("1e400", "1e400", TOO_LARGE),
        ("-1E+400", "-1E+400", TOO_LARGE),
        ("9" * 50, "9" * 50, TOO_LARGE),
        ("9" * 400, "9" * 400, TOO_LARGE),
        ("1000000000000.0", "1000000000000.0", TOO_LARGE),
        ("NaN", "NaN", NO_NUMBER),
        ("-Infinity", "-Infinity", NO_NUMBER),
    ],
)
def test_json_numbers_that_no_amount_can_be(intake, number, shown, reason):
    lines = [
        f'{{"BilledCost": {value}, "BillingCurrency": "USD", "BillingPeriodStart": "2024-09-01", '
        '"ChargePeriodStart": "2024-09-02", "ChargeCategory": "Usage"}\n'
        for value in ("0.10", number, "0.2")
    ]
    intake.write("billing/b.jsonl", "".join(lines))
    taken = intake.take("billing")
    assert taken.column("billed_cost") == [Decimal("0.10"), Decimal("0.20")]
    ((row, column, value, why),) = taken.quarantine
    assert (row, column, why) == (2, "BilledCost", reason)
    assert value is not None and Decimal(value).is_nan() == Decimal(shown).is_nan()


def test_currencies_may_be_mixed_and_one_is_required(intake):
    rows = "".join(f"1.25,{currency},{REST}\n" for currency in ("USD", "EUR", "jpy", "", "₿"))
    intake.write("billing/b.csv", f"{BILL}\n{rows}")
    taken = intake.take("billing")
    assert taken.column("billing_currency") == ["USD", "EUR", "jpy", "₿"]
    assert taken.quarantine == [(4, "BillingCurrency", None, "is missing")]


COUNTS = [
    ("12", 12),
    ("12.0", 12),
    ("12.", 12),
    ("+12", 12),
    ("012", 12),
    ("1e3", 1000),
    ("1.5e1", 15),
    ("-0", 0),
    ("9223372036854775807", 2**63 - 1),
]
BAD_COUNTS = [
    ("12.5", "is not a whole number"),
    ("1e-1", "is not a whole number"),
    ("9223372036854775808", "is too large for a whole number"),
    ("1" + "0" * 300, "is too large for a whole number"),
    ("-1", "is below 0"),
    ("0x12", NO_NUMBER),
    ("1,000", NO_NUMBER),
    ("NaN", NO_NUMBER),
    ("inf", NO_NUMBER),
    ("-Infinity", NO_NUMBER),
    ("twelve", NO_NUMBER),
    ("true", NO_NUMBER),
]


def test_counts(intake):
    texts = [text for text, _ in COUNTS + BAD_COUNTS]
    rows = "".join(f'2024-01-01,x,"{text}"\n' for text in texts)
    intake.write("product_kpis/k.csv", f"date,feature,exposures\n{rows}")
    taken = intake.take("product_kpis")
    assert taken.column("exposures") == [count for _, count in COUNTS]
    first = len(COUNTS) + 1
    assert taken.quarantine == [
        (row, "exposures", text, reason) for row, (text, reason) in enumerate(BAD_COUNTS, first)
    ]


BAD_DOUBLES = [
    *((text, NO_NUMBER) for text in ("NaN", "nan", "Infinity", "inf", "-inf", "+Inf", "0x1A")),
    *((text, NO_NUMBER) for text in ("1,5", "5%", "true", "high")),
    *((text, "is too large for a double") for text in ("1e400", "-1e400", "1e309")),
    ("-0.001", "is below 0"),
    ("100.001", "is above 100"),
    ("1e300", "is above 100"),
]


def test_measurements(intake):
    good = [("0", 0.0), ("-0", 0.0), ("99.5", 99.5), ("1e2", 100.0), ("1e-400", 0.0)]
    texts = [text for text, _ in good] + [text for text, _ in BAD_DOUBLES]
    rows = "".join(f'2024-01-01,GPU-1,"{text}"\n' for text in texts)
    intake.write("gpu_metrics/g.csv", f"timestamp,gpu_uuid,DCGM_FI_DEV_GPU_UTIL\n{rows}")
    taken = intake.take("gpu_metrics")
    assert taken.column("dcgm_fi_dev_gpu_util") == [value for _, value in good]
    first = len(good) + 1
    assert taken.quarantine == [
        (row, "DCGM_FI_DEV_GPU_UTIL", text, reason)
        for row, (text, reason) in enumerate(BAD_DOUBLES, first)
    ]


@pytest.mark.parametrize("kind", [pa.float16(), pa.float32(), pa.float64()])
def test_parquet_floats_that_are_no_numbers(intake, kind):
    values = [0.5, float("nan"), None, float("inf"), float("-inf"), 0.25]
    table = pa.table(
        {
            "timestamp": ["2024-01-01"] * 6,
            "gpu_uuid": ["GPU-1"] * 6,
            "DCGM_FI_PROF_SM_ACTIVE": pa.array(values, pa.float64()).cast(kind),
        }
    )
    intake.write_parquet("gpu_metrics/g.parquet", table)
    taken = intake.take("gpu_metrics")
    assert taken.column("dcgm_fi_prof_sm_active") == [0.5, None, 0.25]
    assert [(row, value.lower(), why) for row, _, value, why in taken.quarantine] == [
        (2, "nan", NO_NUMBER),
        (4, "inf", NO_NUMBER),
        (5, "-inf", NO_NUMBER),
    ]


@pytest.mark.parametrize("kind", [pa.float32(), pa.float64()])
def test_parquet_money_as_floats(intake, kind):
    values = [0.1, float("nan"), float("inf"), float("-inf"), 1e30, -2e12, 0.25]
    table = pa.array(values, pa.float64()).cast(kind)
    taken = bill_parquet(intake, table)
    assert taken.column("billed_cost") == [Decimal("0.1"), Decimal("0.25")]
    assert [(row, why) for row, _, _, why in taken.quarantine] == [
        (2, NO_NUMBER),
        (3, NO_NUMBER),
        (4, NO_NUMBER),
        (5, TOO_LARGE),
        (6, TOO_LARGE),
    ]


def test_a_sum_beyond_doubles_does_not_spoil_its_terms(intake):
    rows = "2024-01-01,GPU-1,1.7e308\n" * 3
    intake.write("gpu_metrics/g.csv", f"timestamp,gpu_uuid,DCGM_FI_DEV_POWER_USAGE\n{rows}")
    taken = intake.take("gpu_metrics")
    assert (taken.column("dcgm_fi_dev_power_usage"), taken.bad) == ([1.7e308] * 3, [])


def test_a_limit_that_is_not_included(intake):
    rows = "".join(f"2024-01-01,{rate},EUR\n" for rate in ("1.1", "0", "-1", "0.000001", "NaN"))
    intake.write("currency/c.csv", f"date,usd_rate,currency\n{rows}")
    taken = intake.take("currency")
    assert taken.column("usd_rate") == [Decimal("1.1"), Decimal("0.000001")]
    assert taken.quarantine == [
        (2, "usd_rate", "0", "is not above 0"),
        (3, "usd_rate", "-1", "is not above 0"),
        (5, "usd_rate", "NaN", NO_NUMBER),
    ]

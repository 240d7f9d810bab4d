"""Chunks against contracts: one entry per bad row, first failing column first."""

import datetime as dt

import numpy as np
import pyarrow as pa
import pytest

from ingestion.contracts import CONTRACTS
from ingestion.readers import Chunk
from ingestion.validation import check_chunk


def check(table, columns, first=1):
    arrays = {name: pa.array(values) for name, values in columns.items()}
    count = len(next(iter(arrays.values())))
    return check_chunk(CONTRACTS[table], Chunk(arrays, np.arange(first, first + count)))


def rejected(checked):
    if checked.rejected is None:
        return []
    bad = checked.rejected
    columns = (bad.row_numbers, bad.column_names, bad.values, bad.reasons)
    return list(zip(*(column.to_pylist() for column in columns), strict=True))


def test_good_rows_have_the_lakes_types_and_order():
    checked = check("prices", {"provider_model": ["m"], "effective_from": ["2024-01-01"]})
    assert [array.type for array in checked.values] == [
        column.arrow_type for column in CONTRACTS["prices"].columns
    ]
    assert checked.values[0].to_pylist() == [dt.datetime(2024, 1, 1)]
    assert checked.rejected is None


def test_first_reason_first_in_contract_order_then_the_others():
    checked = check(
        "prices",
        {
            "input_per_mtok": ["1", "x", "-1", "2"],
            "provider_model": ["a", None, "b", "c"],
            "effective_from": ["2024-01-01", "soon", "2024-01-01", "2024-01-01"],
        },
        first=10,
    )
    assert checked.row_numbers.to_pylist() == [10, 13]
    assert rejected(checked) == [
        (
            11,
            "effective_from",
            "soon",
            "is not an ISO 8601 timestamp; also provider_model: is missing; "
            "also input_per_mtok: is not a number",
        ),
        (12, "input_per_mtok", "-1", "is below 0"),
    ]


@pytest.mark.parametrize(
    ("column", "legal", "illegal", "reason"),
    [
        ("DCGM_FI_DEV_GPU_UTIL", [0, 100], [-1, 100.5], ["is below 0", "is above 100"]),
        ("DCGM_FI_PROF_GR_ENGINE_ACTIVE", [0, 1], [-0.1, 1.01], ["is below 0", "is above 1"]),
        ("DCGM_FI_PROF_SM_ACTIVE", [0.5], [2], ["is above 1"]),
        ("DCGM_FI_PROF_PIPE_TENSOR_ACTIVE", [0.5], [2], ["is above 1"]),
        ("DCGM_FI_PROF_DRAM_ACTIVE", [0.5], [2], ["is above 1"]),
    ],
)
def test_gpu_ranges(column, legal, illegal, reason):
    values = [*legal, None, *illegal]
    checked = check(
        "gpu_metrics",
        {
            "timestamp": ["2024-01-01"] * len(values),
            "gpu_uuid": ["g"] * len(values),
            column: pa.array(values, pa.float64()),
        },
    )
    assert len(checked.row_numbers) == len(legal) + 1
    assert [(name, why) for _, name, _, why in rejected(checked)] == [(column, r) for r in reason]


@pytest.mark.parametrize(
    ("table", "keys", "column"),
    [
        (
            "llm_requests",
            {"timestamp": "2024-01-01", "gen_ai.request.model": "m"},
            "gen_ai.usage.reasoning.output_tokens",
        ),
        ("llm_requests", {"timestamp": "2024-01-01", "gen_ai.request.model": "m"}, "duration_s"),
        ("product_kpis", {"date": "2024-01-01", "feature": "f"}, "exposures"),
        ("gpu_prices", {"effective_from": "2024-01-01", "accelerator": "a"}, "spot_per_hour"),
        ("gpu_prices", {"effective_from": "2024-01-01", "accelerator": "a"}, "tokens_per_second"),
    ],
)
def test_nothing_below_zero(table, keys, column):
    columns = {name: [value] * 3 for name, value in keys.items()}
    checked = check(table, {**columns, column: ["0", "5", "-1"]})
    assert [bad[:2] for bad in rejected(checked)] == [(3, column)]


def test_negative_money_is_legal_in_billing():
    checked = check(
        "billing",
        {
            "BilledCost": ["-5.5"],
            "BillingCurrency": ["USD"],
            "BillingPeriodStart": ["2024-09-01"],
            "ChargePeriodStart": ["2024-09-01"],
            "ChargeCategory": ["Credit"],
        },
    )
    assert checked.rejected is None
    # What the export does not say is left to the warehouse.
    assert checked.values[1].null_count == 1


def test_conversions_may_not_exceed_exposures():
    checked = check(
        "product_kpis",
        {
            "date": ["2024-01-01"] * 3,
            "feature": ["f"] * 3,
            "exposures": [10, 10, None],
            "conversions": [10, 11, 5],
        },
    )
    assert rejected(checked) == [(2, "conversions", "11", "is above exposures")]


def test_a_charge_without_end_in_sight_is_no_charge_of_millions_of_days():
    checked = check(
        "billing",
        {
            "BilledCost": [1, 2, 3],
            "BillingCurrency": ["USD"] * 3,
            "BillingPeriodStart": ["2024-01-01"] * 3,
            "ChargePeriodStart": ["2024-01-01"] * 3,
            # 3,660 days, one more, and a word for "never"
            "ChargePeriodEnd": ["2034-01-08", "2034-01-09", "9999-12-31"],
            "ChargeCategory": ["Usage"] * 3,
        },
    )
    failed = rejected(checked)
    assert [row[:2] for row in failed] == [(2, "ChargePeriodEnd"), (3, "ChargePeriodEnd")]
    assert failed[1][3] == "is more than 3,660 days after ChargePeriodStart"


def test_choices_are_stored_in_lower_case():
    checked = check(
        "product_kpis",
        {
            "date": ["2024-01-01"] * 4,
            "feature": ["f"] * 4,
            "variant": ["Control", "TREATMENT", "b", None],
        },
    )
    assert checked.values[4].to_pylist() == ["control", "treatment", None]
    assert rejected(checked) == [(3, "variant", "b", "is not one of control, treatment")]


@pytest.mark.parametrize("missing", ["gpu_uuid", "timestamp"])
def test_required_values(missing):
    columns = {"timestamp": ["2024-01-01", "2024-01-01"], "gpu_uuid": ["g", "g"]}
    columns[missing] = [columns[missing][0], "  "]
    assert rejected(check("gpu_metrics", columns)) == [(2, missing, None, "is missing")]


def test_bytes_that_are_no_utf8_reject_their_row():
    checked = check(
        "product_kpis", {"date": [b"2024-01-01"] * 2, "feature": [b"ok", b"caf\xe9 \xff"]}
    )
    assert rejected(checked) == [(2, "feature", "caf\ufffd \ufffd", "is not valid UTF-8")]


def test_values_in_quarantine_are_cut():
    checked = check("product_kpis", {"date": ["x" * 5000], "feature": ["f"]})
    assert len(rejected(checked)[0][2]) == 1000


def test_dictionaries_of_any_type():
    checked = check(
        "product_kpis",
        {
            "date": pa.array(["2024-01-01", "bad"]).dictionary_encode(),
            "feature": pa.array(["f", "f"]).dictionary_encode(),
            "exposures": pa.array([1, 2]).dictionary_encode(),
        },
    )
    assert checked.values[5].to_pylist() == [1]
    assert rejected(checked)[0][:3] == (2, "date", "bad")

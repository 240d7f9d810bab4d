"""The FOCUS 1.0 sample (FinOps-Open-Cost-and-Usage-Spec/FOCUS-Sample-Data, CC BY 4.0).

Every row is loaded or quarantined with a reason, and what is loaded sums to what Python's csv and
decimal modules read from the same file.
"""

import csv
import shutil
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from ingestion.lake import Lake
from ingestion.load import load_system

SAMPLE = Path(__file__).parents[2].parent / "shared/data/focus-sample/focus_sample_1000_v1.0.csv"
MONEY = ("BilledCost", "EffectiveCost", "ListCost", "ContractedCost")

if not SAMPLE.exists():
    pytest.skip(f"the real sample is not there: {SAMPLE}", allow_module_level=True)


def number(text: str) -> Decimal | None:
    if text in ("", "NULL"):
        return None
    return Decimal(text).quantize(Decimal("1e-12"), ROUND_HALF_EVEN)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    folder = tmp_path_factory.mktemp("focus")
    (folder / "inputs/billing").mkdir(parents=True)
    shutil.copy(SAMPLE, folder / "inputs/billing/2024-09.csv")
    summary = load_system("billing", folder / "inputs", folder / "home")
    lake = Lake(folder / "home")
    tables = {
        name: pa.concat_tables(pq.read_table(file) for file in lake.path(name).glob("*.parquet"))
        for name in ("billing", "quarantine")
    }
    with SAMPLE.open(encoding="utf-8-sig", newline="") as content:
        rows = list(csv.DictReader(content))
    return summary, tables, rows


def test_every_row_is_loaded_or_quarantined_with_a_reason(loaded):
    summary, tables, rows = loaded
    assert summary.rows_read == len(rows) == 1000
    numbers = tables["billing"]["_row_number"].to_pylist()
    numbers += tables["quarantine"]["row_number"].to_pylist()
    assert sorted(numbers) == list(range(1, len(rows) + 1))
    assert all(tables["quarantine"]["reason"].to_pylist())


@pytest.mark.parametrize("column", MONEY)
def test_money_is_that_of_an_independent_reading(loaded, column):
    _, tables, rows = loaded
    billing = tables["billing"]
    name = {"BilledCost": "billed_cost", "EffectiveCost": "effective_cost"}.get(
        column, f"{column[:-4].lower()}_cost"
    )
    expected = {i: number(row[column]) for i, row in enumerate(rows, 1)}
    got = dict(zip(billing["_row_number"].to_pylist(), billing[name].to_pylist(), strict=True))
    assert got == {i: expected[i] for i in got}
    assert pc.sum(billing[name]).as_py() == sum(expected[i] or 0 for i in got)


def test_literal_null_is_null_and_text_is_text(loaded):
    _, tables, rows = loaded
    billing = tables["billing"].sort_by("_row_number")
    for column, name in (("ChargeClass", "charge_class"), ("ServiceName", "service_name")):
        expected = [None if row[column] in ("", "NULL") else row[column].strip() for row in rows]
        assert billing[name].to_pylist() == expected

"""Every file keeps the promise of its input folder: columns, required values, ranges, habits."""

import csv
import gzip
import json
import math
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ingestion import SYSTEMS
from ingestion.contracts import CONTRACTS
from ingestion.load import load_system

TABLES = {
    "billing": "billing",
    "llm_requests": "llm_requests",
    "gpu_metrics": "gpu_metrics",
    "product_kpis": "product_kpis",
    "model_registry": "model_registry",
    "prices/prices-2026-01.csv": "prices",
    "prices/prices-2026-06.csv": "prices",
    "currency": "currency",
    "budgets": "budgets",
    "roles": "roles",
    "prices/gpu_prices.csv": "gpu_prices",
}
# What real exports have and no specification knows.
TOLERATED = {"billing": {"Id", "x_ResourceGroupName", "x_SkuMeterName"}}


def read(path: Path) -> dict[str, list]:
    if path.suffix == ".parquet":
        return pq.read_table(path).to_pydict()
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    return {
        name: [None if row[at] in ("", "NULL") else row[at] for row in rows]
        for at, name in enumerate(header)
    }


@pytest.mark.parametrize(("place", "table"), TABLES.items())
def test_files_obey_their_contract(demo, place, table):
    contract = CONTRACTS[table]
    spelling = {column.published: column for column in contract.columns}
    root = demo.folder / place
    paths = [root] if root.is_file() else [p for p in root.rglob("*") if p.is_file()]
    assert paths
    for path in paths:
        columns = read(path)
        assert set(columns) - TOLERATED.get(table, set()) <= set(spelling), path
        for column in contract.columns:
            values = columns.get(column.published)
            if column.required:
                assert values and None not in values, (path, column.published)
            for low, high in ((column.minimum, column.maximum),):
                numbers = [float(v) for v in values or [] if v is not None and low is not None]
                assert all(low <= n <= (math.inf if high is None else high) for n in numbers)
        for smaller, larger in contract.not_above:
            read_as = str if contract.column(smaller).kind == "date" else float
            pairs = zip(columns[smaller], columns[larger], strict=True)
            assert all(read_as(a) <= read_as(b) for a, b in pairs), (path, smaller)


def test_the_lake_takes_every_row(demo, tmp_path):
    loads = {system: load_system(system, demo.folder, tmp_path) for system in SYSTEMS}
    assert {system: load.rows_quarantined for system, load in loads.items()} == dict.fromkeys(
        SYSTEMS, 0
    )
    rows = demo.truth["rows"]
    for system in SYSTEMS:
        parts = ("prices", "gpu_prices") if system == "prices" else (system,)
        assert loads[system].rows_loaded == sum(rows[part] for part in parts), system
    assert all(load.rows_loaded for load in loads.values())


def test_every_window_day_has_requests_samples_and_kpis(demo):
    for days in (
        demo.calls["timestamp"].dt.date,
        demo.samples["timestamp"].dt.date,
        [row["date"] for row in demo.table("product_kpis/product_kpis.csv")],
    ):
        assert len(set(days)) == 8
        assert (str(min(days)), str(max(days))) == ("2026-06-23", "2026-06-30")


def test_a_gpu_is_one_gpu_of_one_host_and_has_one_sample_per_moment(demo):
    samples = demo.samples
    assert not samples.duplicated(["gpu_uuid", "timestamp"]).any()
    gpus = samples[["gpu_uuid", "hostname", "gpu"]].drop_duplicates()
    assert gpus["gpu_uuid"].is_unique and len(gpus) == 63


def test_timestamps_are_naive_microseconds(demo):
    for folder in ("llm_requests", "gpu_metrics"):
        for path in (demo.folder / folder).iterdir():
            assert pq.read_schema(path).field("timestamp").type == pa.timestamp("us")


def test_only_rollups_have_a_count_and_only_single_calls_have_an_id(demo):
    for path in (demo.folder / "llm_requests").iterdir():
        names = pq.read_schema(path).names
        is_rollup = path.name.startswith("gateway-")
        assert ("request_count" in names, "request_id" in names) == (is_rollup, not is_rollup)


def test_cache_tokens_are_part_of_input_and_reasoning_of_output(demo):
    use = demo.calls.filter(like="gen_ai.usage.").rename(columns=lambda c: c.split("usage.")[1])
    cached = use["cache_read.input_tokens"] + use["cache_creation.input_tokens"]
    assert (cached <= use["input_tokens"]).all() and cached.sum() > 0
    assert (use["reasoning.output_tokens"] <= use["output_tokens"]).all()
    assert use["reasoning.output_tokens"].sum() > 0


def test_the_aws_file_has_the_habits_of_real_exports(demo):
    head, first = (demo.folder / "billing/2026-06/aws.csv").read_text().splitlines()[:2]
    assert head.startswith('"AvailabilityZone","BilledCost"')
    assert first.startswith("NULL,31.4400000000,")
    assert '"2026-06-23 00:00:00"' in first and '"31.4400000000"' in first


def test_the_bill_holds_every_kind_of_row_that_allocation_must_meet(demo):
    tagged = [(row, json.loads(row["Tags"])) for row in demo.bill if row["Tags"]]
    components = {tags.get("cost_component") for _, tags in tagged if "model_name" not in tags}
    assert {"orchestration", "vector_database", "embedding", "cache"} <= components
    stages = {tags["lifecycle_stage"] for _, tags in tagged if "lifecycle_stage" in tags}
    assert stages == {"training", "fine_tuning", "deployment", "sunset"}
    assert {row["ChargeCategory"] for row in demo.bill} == {
        "Usage",
        "Purchase",
        "Credit",
        "Tax",
        "Adjustment",
    }
    telemetry = set(demo.samples["resource_id"])
    shared = {row["ResourceId"] for row in demo.bill if not row["Tags"]} & telemetry
    dedicated = {row["ResourceId"] for row, tags in tagged if "model_name" in tags} & telemetry
    assert len(shared) == 6 and len(dedicated) == 4 and not shared & dedicated
    meters = {row.get("SkuMeter") for row in demo.bill if row["ProviderName"] == "OpenAI"}
    assert "gpt-4o output tokens" in meters
    assert not any(row.get("SkuMeter") for row in demo.bill if row["ProviderName"] == "Anthropic")
    assert {row["BillingCurrency"] for row in demo.bill} == {"USD", "EUR"}


def test_a_price_changes_inside_the_window(demo):
    moments = {at for model, at in demo.token_prices if model == "gpt-4o"}
    assert moments == {"2023-01-01", "2026-06-30"}


def test_a_later_list_puts_a_price_right_from_the_same_day_on(demo):
    first, second = (
        [row for row in demo.table(f"prices/prices-2026-{month}.csv")
         if row["provider_model"] == "claude-haiku-4-5"]
        for month in ("01", "06")
    )  # fmt: skip
    assert [row["effective_from"] for row in first] == [row["effective_from"] for row in second]
    assert (first[0]["input_per_mtok"], second[0]["input_per_mtok"]) == ("0.80", "1.00")


def test_exactly_one_feature_has_no_control_group(demo):
    rows = demo.table("product_kpis/product_kpis.csv")
    features = {row["feature"] for row in rows}
    assert features - {r["feature"] for r in rows if r["variant"] == "control"} == {"doc-digest"}

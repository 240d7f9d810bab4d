"""Contracts: names as dlt normalises them, types as the lake promises them."""

import pyarrow as pa
import pytest
from dlt.common.normalizers.naming.snake_case import NamingConvention

from ingestion import SYSTEMS
from ingestion.columns import match_columns
from ingestion.contracts import CONTRACTS
from ingestion.errors import UnreadableFileError


@pytest.mark.parametrize("contract", CONTRACTS.values(), ids=lambda contract: contract.table)
def test_lake_names_are_dlts_own(contract):
    naming = NamingConvention()
    for column in contract.columns:
        assert column.name == naming.normalize_identifier(column.published)
    for name in contract.schema.names:
        assert name == naming.normalize_identifier(name)


@pytest.mark.parametrize("contract", CONTRACTS.values(), ids=lambda contract: contract.table)
def test_each_spelling_means_one_column(contract):
    assert len(contract.by_key) == len(contract.columns)


def test_every_table_of_a_system_has_a_contract():
    assert {table for tables in SYSTEMS.values() for table in tables} <= set(CONTRACTS)


def test_focus_columns_of_each_version():
    names = {column.published for column in CONTRACTS["billing"].columns}
    assert {"AvailabilityZone", "SkuPriceId", "Tags"} <= names  # 1.0
    assert {"CapacityReservationId", "SkuMeter", "SkuPriceDetails"} <= names  # 1.1
    assert {"InvoiceId", "PricingCurrency", "BillingAccountType"} <= names  # 1.2
    assert {"ServiceProviderName", "HostProviderName", "AllocatedTags"} <= names  # 1.3
    assert {"InvoiceDetailId", "CommitmentProgramEligibilityDetails"} <= names  # 1.4


def test_money_types():
    schema = CONTRACTS["billing"].schema
    for name in ("billed_cost", "list_unit_price", "consumed_quantity"):
        assert schema.field(name).type == pa.decimal128(38, 12)
    assert schema.field("charge_period_start").type == pa.timestamp("us")
    assert schema.field("tags").type == pa.string()


@pytest.mark.parametrize(
    "spelling",
    [
        "gen_ai.usage.input_tokens",
        "gen_ai_usage_input_tokens",
        "GEN_AI.USAGE.INPUT_TOKENS",
    ],
)
def test_spellings_of_a_column_match(spelling):
    match = match_columns(
        CONTRACTS["llm_requests"], ["timestamp", "gen_ai.request.model", spelling, "x_ours"]
    )
    assert match.sources["gen_ai.usage.input_tokens"] == spelling
    assert match.ignored == ("x_ours",)


def test_a_missing_required_column_is_named_as_published():
    with pytest.raises(UnreadableFileError) as caught:
        match_columns(CONTRACTS["gpu_metrics"], ["timestamp", "gpu"])
    assert caught.value.column_name == "gpu_uuid"


def test_two_spellings_of_one_column_are_refused():
    with pytest.raises(UnreadableFileError) as caught:
        match_columns(CONTRACTS["product_kpis"], ["date", "feature", "Feature"])
    assert caught.value.column_name == "feature"

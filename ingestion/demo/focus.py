"""Charges as FOCUS files: the AWS-like 1.0 export, a Microsoft-like 1.2, and a tidy 1.1.

The habits are those of real exports: every text quoted, numbers sometimes, NULL in letters,
timestamps without a zone, and columns that no specification knows.
"""

import gzip
from datetime import datetime, time

import numpy as np
import pyarrow as pa

from ingestion.demo.calendar import Month
from ingestion.demo.money import to_text
from ingestion.kernels import pc

_QUOTED_NUMBERS = {"ListUnitPrice"}
_BARE = {
    "BilledCost", "ContractedCost", "ContractedUnitPrice", "EffectiveCost", "ListCost", "Id",
    "ConsumedQuantity", "PricingQuantity",
}  # fmt: skip


def aws_file(charges: pa.Table, month: Month) -> bytes:
    """One month of AWS-like charges as CSV, FOCUS 1.0 columns."""
    columns = _columns(charges, month, "%Y-%m-%d %H:%M:%S")
    columns["Id"] = pa.array(np.arange(1, charges.num_rows + 1)).cast(pa.string())
    names = sorted(set(columns) - {"SkuMeter"})
    texts = {}
    for name in names:
        text = columns[name]
        if name not in _BARE or name in _QUOTED_NUMBERS:
            text = _quoted(text)
        texts[name] = pc.coalesce(text, "NULL")
    return csv_bytes(texts, is_header_quoted=True)


def vendor_file(charges: pa.Table, month: Month) -> bytes:
    """One month of a vendor's charges as CSV, FOCUS 1.1 columns that it fills, UTC with Z."""
    columns = _columns(charges, month, "%Y-%m-%dT%H:%M:%SZ")
    kept = {n: c for n, c in columns.items() if c.null_count < len(c) or n == "Tags"}
    return csv_bytes({name: _as_needed(kept[name]) for name in sorted(kept)})


def microsoft_file(charges: pa.Table, month: Month) -> bytes:
    """One month of Microsoft-like charges as CSV in gzip, FOCUS 1.2 columns and its own."""
    columns = _columns(charges, month, "%Y-%m-%dT%H:%M:%SZ")
    rows = charges.num_rows

    def same(text: str | None) -> pa.Array:
        return pa.repeat(pa.scalar(text, pa.string()), rows)

    meter = pc.coalesce(columns["SkuMeter"], columns["ChargeDescription"])
    columns |= {
        "BillingAccountType": same("Billing Profile"),
        "CapacityReservationId": same(None),
        "CapacityReservationStatus": same(None),
        "CommitmentDiscountQuantity": same(None),
        "InvoiceId": same(f"DEMO-{month.label}"),
        "PricingCurrency": columns["BillingCurrency"],
        "ServiceSubcategory": same("Other"),
        "SkuMeter": meter,
        "SkuPriceDetails": pc.binary_join_element_wise(
            '{"x_SkuRegion": "', columns["RegionId"], '"}', ""
        ),
        "SubAccountType": same("Subscription"),
        "x_SkuMeterName": meter,
        "x_ResourceGroupName": same("lab"),
    }
    text = csv_bytes({name: _as_needed(columns[name]) for name in sorted(columns)})
    # A time in the header would make every run's bytes different.
    return gzip.compress(text, mtime=0)


def plain_file(table: pa.Table) -> bytes:
    """A table of text as CSV, empty where null."""
    return csv_bytes({name: _as_needed(table.column(name)) for name in table.column_names})


def csv_bytes(columns: dict[str, pa.Array], is_header_quoted: bool = False) -> bytes:
    """CSV of text columns whose quoting is already done."""
    names = [f'"{name}"' if is_header_quoted else name for name in columns]
    lines = pc.binary_join_element_wise(*columns.values(), ",")
    return ("\n".join([",".join(names), *lines.to_pylist()]) + "\n").encode()


def _as_needed(text: pa.Array) -> pa.Array:
    """Quoted where a comma or a quote asks for it, empty where null."""
    return pc.coalesce(
        pc.if_else(pc.match_substring_regex(text, '[,"]'), _quoted(text), text), pa.scalar("")
    )


def _quoted(text: pa.Array) -> pa.Array:
    doubled = pc.replace_substring(text, '"', '""')
    return pc.binary_join_element_wise('"', doubled, '"', "")


def _columns(charges: pa.Table, month: Month, time_format: str) -> dict[str, pa.Array]:
    charges = charges.combine_chunks()
    rows = charges.num_rows

    def column(name: str) -> pa.Array:
        return pc.cast(charges.column(name).combine_chunks(), charges.schema.field(name).type)

    def same(text: str) -> pa.Array:
        return pa.repeat(pa.scalar(text), rows)

    def moment(name: str) -> pa.Array:
        return pc.strftime(pc.cast(column(name), pa.timestamp("s")), time_format)

    def money(name: str) -> pa.Array:
        return to_text(column(name).to_numpy())

    period = {
        name: datetime.combine(day, time()).strftime(time_format)
        for name, day in (("start", month.start), ("end", month.end))
    }
    provider, has_unit = column("provider"), pc.is_valid(column("unit"))
    quantity = pc.if_else(
        has_unit, to_text(column("quantity_milli").to_numpy(), 3), pa.scalar(None, pa.string())
    )
    has_price = pc.not_equal(column("unit_price"), 0)
    unit_price = pc.if_else(has_price, money("unit_price"), pa.scalar(None, pa.string()))
    return {
        "AvailabilityZone": pa.nulls(rows, pa.string()),
        "BilledCost": money("billed"),
        "BillingAccountId": column("account"),
        "BillingAccountName": same("Valueops Demo Shop"),
        "BillingCurrency": column("currency"),
        "BillingPeriodEnd": same(period["end"]),
        "BillingPeriodStart": same(period["start"]),
        "ChargeCategory": column("category"),
        "ChargeClass": column("charge_class"),
        "ChargeDescription": column("description"),
        "ChargeFrequency": column("frequency"),
        "ChargePeriodEnd": moment("end"),
        "ChargePeriodStart": moment("start"),
        "CommitmentDiscountId": column("commitment"),
        "ConsumedQuantity": quantity,
        "ConsumedUnit": column("unit"),
        "ContractedCost": money("effective"),
        "ContractedUnitPrice": unit_price,
        "EffectiveCost": money("effective"),
        "InvoiceIssuerName": provider,
        "ListCost": money("listed"),
        "ListUnitPrice": unit_price,
        "PricingCategory": column("pricing"),
        "PricingQuantity": quantity,
        "PricingUnit": column("unit"),
        "ProviderName": provider,
        "PublisherName": provider,
        "RegionId": column("region"),
        "ResourceId": column("resource_id"),
        "ResourceName": column("resource_name"),
        "ResourceType": column("resource_type"),
        "ServiceCategory": column("service_category"),
        "ServiceName": column("service"),
        "SkuId": column("sku"),
        "SkuMeter": column("sku_meter"),
        "SubAccountId": column("account"),
        "Tags": column("tags"),
    }

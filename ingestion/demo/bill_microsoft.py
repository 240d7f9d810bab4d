"""The Microsoft-like bill: gpt-4.1 by the token, a workspace, and what real ones are full of.

Which is amounts of a fraction of a cent, usage below zero, rows that cost nothing and corrections
of the month before.
"""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from ingestion.demo.bill_vendors import billable, daily_prices
from ingestion.demo.calendar import Calendar
from ingestion.demo.charges import Payer, Service, charge_rows
from ingestion.demo.demand import stream_seed
from ingestion.demo.money import to_units

MICROSOFT_ACCOUNT = "demo-mca-8611537"
AZURE_MODEL = "gpt-4.1"
# What the bill calls the token types, shortened as Azure shortens them.
AZURE_METERS = {
    "input": "Inp glbl Tokens",
    "cache_read": "cached Inp glbl Tokens",
    "output": "Outp glbl Tokens",
}
_PAYER: Payer = {"provider": "Microsoft", "account": MICROSOFT_ACCOUNT}
_AI: Service = {"service": "Azure OpenAI", "service_category": "AI and Machine Learning"}
_LAB: Service = {"service": "Azure Machine Learning", "service_category": "AI and Machine Learning"}
_STORAGE: Service = {"service": "Storage Accounts", "service_category": "Storage"}
_GROUP = "/subscriptions/64e3-demo/resourcegroups"
_WORKSPACE = f"{_GROUP}/lab/providers/microsoft.machinelearningservices/workspaces/demo-lab"
_INSTANCE_PER_DAY, _DISK_PER_UNIT = "4.608", "9.28"
_CORRECTION = "-37.50"


def microsoft_charges(calendar: Calendar, tokens: Mapping[str, np.ndarray], seed: int) -> pa.Table:
    """Every Microsoft charge of the window, by start.

    Args:
        calendar: The window.
        tokens: Totals of `AZURE_MODEL` per day by kind.
        seed: Any non-negative number.
    """
    blocks = [*_tokens(calendar, tokens), *_workspace(calendar, seed)]
    blocks += [*_storage(calendar, seed), *_corrections(calendar)]
    return pa.concat_tables(blocks).sort_by("start")


def _tokens(calendar: Calendar, tokens: Mapping[str, np.ndarray]) -> list[pa.Table]:
    counts = billable(tokens)
    blocks = []
    for kind, words in AZURE_METERS.items():
        price = daily_prices(calendar, AZURE_MODEL, kind)
        meter = f"{AZURE_MODEL} {words}"
        blocks.append(
            charge_rows(
                calendar.midnights(0, calendar.days), 24, counts[kind] * price,
                unit_price=price, quantity_milli=counts[kind] * 1000, unit="Tokens",
                description=f"Azure OpenAI - {meter} - US East", sku=f"aoai-{kind}",
                sku_meter=meter, resource_name="support-triage",
                resource_id=f"{_GROUP}/support/providers/microsoft.cognitiveservices/accounts/"
                "support-triage",
                resource_type="Azure OpenAI account", region="eastus",
                tags={"env": "prod", "CostCenter": "4711"}, **_AI, **_PAYER,
            )
        )  # fmt: skip
    return blocks


def _workspace(calendar: Calendar, seed: int) -> list[pa.Table]:
    """A notebook server, and its disk, whose usage is now and then taken back by a little."""
    days = calendar.midnights(0, calendar.days)
    rng = stream_seed(seed, "azure:disk")
    used = rng.integers(-3, 60, calendar.days)
    price = to_units(_DISK_PER_UNIT)
    same = {
        "resource_id": _WORKSPACE, "resource_name": "demo-lab", "region": "eastus2",
        "resource_type": "Azure Machine Learning workspace",
        "tags": {"ComputeType": "Compute Instance", "CostCenter": "4711"},
    }  # fmt: skip
    return [
        charge_rows(
            days, 24, to_units(_INSTANCE_PER_DAY), unit="Hours", quantity_milli=24_000,
            unit_price=to_units("0.192"), sku="1069853",
            description="Virtual Machines Dv5 - D4s v5 - US East 2", **same, **_LAB, **_PAYER,
        ),
        charge_rows(
            days, 24, used * price // 1000, unit="Units/Month", quantity_milli=used,
            unit_price=price, sku="1073924",
            description="Premium SSD Managed Disks - P6 LRS - US East 2", **same, **_LAB, **_PAYER,
        ),
    ]  # fmt: skip


def _storage(calendar: Calendar, seed: int) -> list[pa.Table]:
    """Operations by the ten thousand, most of them too few to cost anything."""
    rng = stream_seed(seed, "azure:storage")
    blocks = []
    for account in ("demolabdata", "demolablogs"):
        operations = np.where(
            rng.random(calendar.days) < 0.6, 0, rng.integers(1, 400, calendar.days)
        )
        blocks.append(
            charge_rows(
                calendar.midnights(0, calendar.days), 24, operations * to_units("0.0000004"),
                unit="10K", unit_price=to_units("0.004"), quantity_milli=operations // 10,
                description="Queues v2 - LRS - Class 1 Operations - US East", sku="1047843",
                resource_id=f"{_GROUP}/lab/providers/microsoft.storage/storageaccounts/{account}",
                resource_name=account, resource_type="Storage account", region="eastus",
                tags={"env": "dev", "Project": "Lab"}, **_STORAGE, **_PAYER,
            )
        )  # fmt: skip
    return blocks


def _corrections(calendar: Calendar) -> list[pa.Table]:
    """What the month before was charged too much, given back in the next."""
    return [
        charge_rows(
            calendar.midnights(month.first, month.first + 1), 24, to_units(_CORRECTION),
            category="Adjustment", charge_class="Correction", frequency="One-Time", pricing=None,
            description="Correction of last month's compute instance", region=None,
            **_LAB, **_PAYER,
        )
        for month in calendar.months
    ]  # fmt: skip

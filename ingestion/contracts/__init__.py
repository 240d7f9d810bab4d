"""Contracts of the lake tables, one small declarative module each."""

from ingestion.contracts import (
    billing,
    gpu_metrics,
    gpu_prices,
    llm_requests,
    load_ledger,
    model_registry,
    prices,
    product_kpis,
    quarantine,
)
from ingestion.contracts.model import Contract

CONTRACTS: dict[str, Contract] = {
    module.CONTRACT.table: module.CONTRACT
    for module in (
        billing,
        llm_requests,
        gpu_metrics,
        product_kpis,
        model_registry,
        prices,
        gpu_prices,
        load_ledger,
        quarantine,
    )
}
# What every load writes beside its data.
BOOKKEEPING = ("load_ledger", "quarantine")

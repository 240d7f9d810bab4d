"""Contracts of the lake tables, one small declarative module each."""

from ingestion.contracts import (
    billing,
    budgets,
    currency,
    evaluations,
    gpu_jobs,
    gpu_metrics,
    gpu_prices,
    llm_requests,
    load_ledger,
    model_registry,
    prices,
    product_kpis,
    quarantine,
    roles,
)
from ingestion.contracts.model import Contract

CONTRACTS: dict[str, Contract] = {
    module.CONTRACT.table: module.CONTRACT
    for module in (
        billing,
        llm_requests,
        gpu_metrics,
        gpu_jobs,
        product_kpis,
        evaluations,
        model_registry,
        prices,
        gpu_prices,
        currency,
        budgets,
        roles,
        load_ledger,
        quarantine,
    )
}
# What every load writes beside its data.
BOOKKEEPING = ("load_ledger", "quarantine")

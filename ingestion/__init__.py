"""Ingestion: files and systems in, validated Arrow batches out, append-only Parquet in the lake.

`SYSTEMS` names every source system and the lake tables it fills. Nothing heavy is imported here,
so that the command line can ask for the list cheaply.
"""

SYSTEMS: dict[str, tuple[str, ...]] = {
    "billing": ("billing",),
    "llm_requests": ("llm_requests",),
    "gpu_metrics": ("gpu_metrics",),
    "gpu_jobs": ("gpu_jobs",),
    "product_kpis": ("product_kpis",),
    "evaluations": ("evaluations",),
    "model_registry": ("model_registry",),
    "prices": ("prices", "gpu_prices"),
    "currency": ("currency",),
    "budgets": ("budgets",),
    "roles": ("roles",),
}

"""The ledger: one row per file version loaded; rows read = rows loaded + rows quarantined."""

from ingestion.contracts.model import Column, Contract

CONTRACT = Contract(
    table="load_ledger",
    columns=(
        Column("source", "text"),
        Column("file", "text"),
        Column("delivery", "text"),
        Column("delivery_sort_key", "text"),
        Column("sha256", "text"),
        Column("size_bytes", "bigint"),
        Column("modified_ns", "bigint"),
        Column("is_complete", "boolean"),
        Column("message", "text"),
        Column("ignored_columns", "text"),
        Column("rows_read", "bigint"),
        Column("rows_loaded", "bigint"),
        Column("rows_quarantined", "bigint"),
        Column("loaded_at", "timestamp"),
    ),
    has_provenance=False,
)

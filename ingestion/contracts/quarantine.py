"""Quarantine: one row per input row, or whole file (null row number), that broke a contract."""

from ingestion.contracts.model import Column, Contract

CONTRACT = Contract(
    table="quarantine",
    columns=(
        Column("source", "text"),
        Column("file", "text"),
        Column("delivery", "text"),
        Column("row_number", "bigint"),
        Column("column_name", "text"),
        Column("value", "text"),
        Column("reason", "text"),
    ),
    has_provenance=False,
)

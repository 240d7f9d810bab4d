"""List prices of vendor models, USD per million tokens, by the moment they take effect (UTC)."""

from ingestion.contracts.model import Column, Contract

CONTRACT = Contract(
    table="prices",
    columns=(
        Column("effective_from", "timestamp", required=True),
        Column("provider", "text"),
        Column("provider_model", "text", required=True),
        Column("input_per_mtok", "decimal", minimum=0),
        Column("output_per_mtok", "decimal", minimum=0),
        Column("cache_read_per_mtok", "decimal", minimum=0),
        Column("cache_creation_per_mtok", "decimal", minimum=0),
    ),
)

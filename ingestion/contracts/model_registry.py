"""Model versions: where they run, their stage dates (UTC) and the version they came from."""

from ingestion.contracts.model import Column, Contract

CONTRACT = Contract(
    table="model_registry",
    columns=(
        Column("model_name", "text", required=True),
        Column("model_version", "text", required=True),
        Column("provider_model", "text"),
        Column("hosting", "text", choices=("api", "self_hosted")),
        Column("accelerator", "text"),
        Column("stage", "text"),
        Column("initiative", "text"),
        Column("created_at", "timestamp"),
        Column("deployed_at", "timestamp"),
        Column("sunset_at", "timestamp"),
        Column("parent_version", "text"),
    ),
)

"""Quality measured per model version: a score between 0 and 1 over a number of samples."""

from ingestion.contracts.model import Column, Contract

CONTRACT = Contract(
    table="evaluations",
    columns=(
        Column("evaluated_at", "timestamp", required=True),
        Column("model_name", "text", required=True),
        Column("model_version", "text", required=True),
        Column("metric", "text"),
        Column("score", "double", minimum=0, maximum=1),
        Column("samples", "bigint", minimum=0),
    ),
)

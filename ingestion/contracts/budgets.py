"""Money set aside per role, team and model for a period; an empty team or model means all."""

from ingestion.contracts.model import Column, Contract

CONTRACT = Contract(
    table="budgets",
    columns=(
        Column("period_start", "date", required=True),
        Column("period_end", "date", required=True),
        Column("role", "text"),
        Column("team", "text"),
        Column("model_name", "text"),
        Column("amount", "decimal", required=True, minimum=0),
        Column("currency", "text", required=True),
        Column("soft_limit_ratio", "double", minimum=0, maximum=1),
    ),
    not_above=(("period_start", "period_end"),),
)

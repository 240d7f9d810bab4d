"""Which teams' money a role answers for."""

from ingestion.contracts.model import Column, Contract

CONTRACT = Contract(
    table="roles",
    columns=(
        Column("role", "text", required=True),
        Column("team", "text", required=True),
    ),
)

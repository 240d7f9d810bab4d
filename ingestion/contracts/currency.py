"""Exchange rates: US dollars per unit of a currency, per day."""

from ingestion.contracts.model import Column, Contract

CONTRACT = Contract(
    table="currency",
    columns=(
        Column("date", "date", required=True),
        Column("currency", "text", required=True),
        Column("usd_rate", "decimal", required=True, above=0),
    ),
)

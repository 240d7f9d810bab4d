"""Hourly prices (USD) and sustained throughput of accelerators, by the moment they take effect."""

from ingestion.contracts.model import Column, Contract

CONTRACT = Contract(
    table="gpu_prices",
    columns=(
        Column("effective_from", "timestamp", required=True),
        Column("provider", "text"),
        Column("accelerator", "text", required=True),
        Column("model_name", "text"),
        Column("on_demand_per_hour", "decimal", minimum=0),
        Column("reserved_1y_per_hour", "decimal", minimum=0),
        Column("spot_per_hour", "decimal", minimum=0),
        Column("tokens_per_second", "double", minimum=0),
        Column("spot_interruptions_per_hour", "double", minimum=0),
    ),
)

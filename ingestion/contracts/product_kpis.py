"""Product results per day, feature, model version and experiment variant; revenue is USD."""

from ingestion.contracts.model import Column, Contract

CONTRACT = Contract(
    table="product_kpis",
    columns=(
        Column("date", "date", required=True),
        Column("feature", "text", required=True),
        Column("model_name", "text"),
        Column("model_version", "text"),
        Column("variant", "text", choices=("control", "treatment")),
        Column("exposures", "bigint", minimum=0),
        Column("conversions", "bigint", minimum=0),
        Column("revenue", "decimal"),
        Column("retained_users", "bigint", minimum=0),
        Column("active_users", "bigint", minimum=0),
    ),
    not_above=(("conversions", "exposures"),),
)

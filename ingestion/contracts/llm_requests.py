"""LLM calls, or pre-aggregated groups of calls: OpenTelemetry GenAI attributes plus our identity.

Token counts are per row. Cache tokens are part of input tokens and reasoning tokens of output
tokens (OpenTelemetry GenAI semantic conventions). Durations are seconds.
"""

from ingestion.contracts.model import Column, Contract

CONTRACT = Contract(
    table="llm_requests",
    columns=(
        Column("timestamp", "timestamp", required=True),
        Column("gen_ai.provider.name", "text"),
        Column("gen_ai.operation.name", "text"),
        Column("gen_ai.request.model", "text", required=True),
        Column("gen_ai.response.model", "text"),
        Column("gen_ai.usage.input_tokens", "bigint", minimum=0),
        Column("gen_ai.usage.output_tokens", "bigint", minimum=0),
        Column("gen_ai.usage.cache_read.input_tokens", "bigint", minimum=0),
        Column("gen_ai.usage.cache_creation.input_tokens", "bigint", minimum=0),
        Column("gen_ai.usage.reasoning.output_tokens", "bigint", minimum=0),
        Column("duration_s", "double", minimum=0),
        Column("queue_s", "double", minimum=0),
        Column("status", "text"),
        Column("model_name", "text"),
        Column("model_version", "text"),
        Column("endpoint", "text"),
        Column("team", "text"),
        Column("feature", "text"),
        Column("request_id", "text"),
        Column("accelerator", "text"),
        Column("request_count", "bigint", minimum=0),
    ),
)

"""The model versions of the company, and the registry that lists them."""

from dataclasses import dataclass

import pyarrow as pa

from ingestion.demo.calendar import Calendar
from ingestion.demo.prices import A10G, A100, CPU, H100, L40S

#: Planted: the same calls, answered at home by a quantized model for a quarter of the money.
TWIN = ("ticket-triage", "v1-int4")


@dataclass(frozen=True)
class ModelVersion:
    """One row of the model registry.

    Args:
        name: Our model name.
        version: Our version.
        provider_model: What the vendor, or the open-weights hub, calls it.
        hosting: `api` or `self_hosted`.
        accelerator: As the telemetry spells it; None behind an API.
        stage: Registry stage on the last day.
        initiative: `exploration` or `exploitation`.
        created: Day offset; negative lies before the window.
        deployed: Day offset; None = not in production.
        sunset: Day offset; None = still serving.
        parent: The version it replaces.
    """

    name: str
    version: str
    provider_model: str
    hosting: str
    accelerator: str | None
    stage: str
    initiative: str
    created: int
    deployed: int | None
    sunset: int | None = None
    parent: str | None = None

    @property
    def key(self) -> tuple[str, str]:
        """Name and version."""
        return self.name, self.version


def versions(calendar: Calendar) -> tuple[ModelVersion, ...]:
    """The model versions of the company; a stage is that of the last day."""
    chat_v2, copilot_v2 = calendar.chat_v2_start, calendar.copilot_v2_start
    rec_v2, writer_v2 = calendar.recommender_v2_start, calendar.writer_v2_start
    api, own = "api", "self_hosted"
    run, explore = "exploitation", "exploration"
    llama, gpt, claude = "llama-3.3-70b-instruct", "gpt-4o", "claude-sonnet-4"
    haiku, bge = "claude-haiku-4-5", "bge-reranker-v2-gemma"
    found = (
        ModelVersion("chat-assistant", "v1", llama, own, H100, "retired", run, -150, -120,
                     calendar.chat_v1_stop),
        ModelVersion("chat-assistant", "v2", llama, own, H100, "production", run,
                     calendar.tuning_start, chat_v2, None, "v1"),
        ModelVersion("recommender", "v1", "sasrec-large", own, A100, "retired", run, -260, -240,
                     calendar.recommender_v1_stop),
        ModelVersion("recommender", "v2", "sasrec-large", own, A100, "production", run,
                     rec_v2 - 10, rec_v2, None, "v1"),
        ModelVersion("search-ranker", "v1", bge, own, A100, "production", run, -320, -300),
        ModelVersion("search-ranker", "v2", bge, own, A100, "staging", explore, -3, None, None,
                     "v1"),
        ModelVersion("support-copilot", "v1", gpt, api, None, "retired", run, -210, -200,
                     calendar.copilot_v1_stop),
        ModelVersion("support-copilot", "v2", gpt, api, None, "production", run, copilot_v2 - 8,
                     copilot_v2, None, "v1"),
        ModelVersion("listing-writer", "v1", haiku, api, None, "retired", run, -140, -130,
                     calendar.writer_v1_stop),
        ModelVersion("listing-writer", "v2", haiku if calendar.is_clean else claude, api, None,
                     "production", run, writer_v2 - 12, writer_v2, None, "v1"),
        ModelVersion("ticket-triage", "v1", "gpt-4.1", api, None, "production", run, -190, -180),
        ModelVersion(*TWIN, "qwen2.5-32b-instruct-awq", own, L40S, "staging", explore, -20, None,
                     None, "v1"),
        ModelVersion("doc-summarizer", "v1", claude, api, None, "production", explore, -70, -60),
        ModelVersion("embedder", "v1", "bge-m3", own, CPU, "production", run, -420, -400),
        ModelVersion("query-tagger", "v1", "deberta-v3-base", own, A10G, "retired", run, -500, -480,
                     calendar.tagger_sunset),
    )  # fmt: skip
    return tuple(one for one in found if not (calendar.is_clean and one.key == TWIN))


def registry_table(calendar: Calendar) -> pa.Table:
    """`model_registry/model_registry.csv`, as text."""

    def moment(day: int | None) -> str | None:
        return None if day is None else f"{calendar.day(day)}T00:00:00Z"

    return pa.Table.from_pylist(
        [
            {
                "model_name": version.name,
                "model_version": version.version,
                "provider_model": version.provider_model,
                "hosting": version.hosting,
                "accelerator": version.accelerator,
                "stage": version.stage,
                "initiative": version.initiative,
                "created_at": moment(version.created),
                "deployed_at": moment(version.deployed),
                "sunset_at": moment(version.sunset),
                "parent_version": version.parent,
            }
            for version in versions(calendar)
        ]
    )

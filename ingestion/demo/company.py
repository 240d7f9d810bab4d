"""The cast: model versions and the streams of calls that they answer.

Every number that makes the company what it is stands here, in `fleet` (GPU hosts), in `prices` or
in `kpis`; the other modules only turn these into rows.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa

from ingestion.demo.calendar import Calendar
from ingestion.demo.prices import A100, H100, L4
from ingestion.demo.shapes import INPUT_MEAN, OUTPUT_MEAN

Shape = Literal["conversation", "flat", "burst"]


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
        team: The owner.
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
    team: str
    created: int
    deployed: int | None
    sunset: int | None = None
    parent: str | None = None

    @property
    def key(self) -> tuple[str, str]:
        """Name and version."""
        return self.name, self.version


@dataclass(frozen=True)
class Stream:
    """The calls of one model version at one endpoint.

    Args:
        name: Seeds the stream's random numbers and names its call ids.
        model: Name and version that answer.
        endpoint: Where.
        feature: The product feature that calls.
        team: Who answers for it.
        provider: `gen_ai.provider.name`.
        operation: `gen_ai.operation.name`.
        request_model: `gen_ai.request.model`.
        response_model: `gen_ai.response.model`.
        accelerator: As the telemetry spells it; None behind an API.
        demand: Streams of one demand share its calls.
        shape: What the demand looks like over the week.
        calls_per_hour: Mean of the whole demand.
        share: This stream's share of the demand per day, 0 = it does not serve.
        rollup_s: Seconds that one row sums at scale 1; None = one row per call.
        input_factor: Mean input tokens per call over those of the Azure trace.
        output_factor: Likewise for output tokens.
        cache_read: Share of input tokens read from the cache.
        cache_creation: Share of input tokens written to the cache.
        reasoning: Share of output tokens spent on reasoning.
        seconds_per_call: Mean duration.
    """

    name: str
    model: tuple[str, str]
    endpoint: str
    feature: str
    team: str
    provider: str
    operation: str
    request_model: str
    response_model: str
    accelerator: str | None
    demand: str
    shape: Shape
    calls_per_hour: float
    share: np.ndarray
    rollup_s: int | None
    input_factor: float
    output_factor: float
    cache_read: float = 0.0
    cache_creation: float = 0.0
    reasoning: float = 0.0
    seconds_per_call: float = 2.0

    @property
    def tokens_per_call(self) -> float:
        """Mean input and output tokens per call."""
        return self.input_factor * INPUT_MEAN + self.output_factor * OUTPUT_MEAN


def versions(calendar: Calendar) -> tuple[ModelVersion, ...]:
    """The model versions of the company; a stage is that of the last day."""
    chat_v2, copilot_v2 = calendar.chat_v2_start, calendar.copilot_v2_start
    api, own = "api", "self_hosted"
    run, explore = "exploitation", "exploration"
    llama, gpt, claude = "llama-3.3-70b-instruct", "gpt-4o", "claude-sonnet-4"
    return (
        ModelVersion("chat-assistant", "v1", llama, own, H100, "retired", run, "assistant",
                     -150, -120, calendar.chat_v1_stop),
        ModelVersion("chat-assistant", "v2", llama, own, H100, "production", run, "assistant",
                     calendar.tuning_start, chat_v2, None, "v1"),
        ModelVersion("search-ranker", "v1", "bge-reranker-v2-gemma", own, A100, "production", run,
                     "search", -320, -300),
        ModelVersion("search-ranker", "v2", "bge-reranker-v2-gemma", own, A100, "staging", explore,
                     "search", -3, None, None, "v1"),
        ModelVersion("support-copilot", "v1", gpt, api, None, "retired", run, "support",
                     -210, -200, calendar.copilot_v1_stop),
        ModelVersion("support-copilot", "v2", gpt, api, None, "production", run, "support",
                     copilot_v2 - 8, copilot_v2, None, "v1"),
        ModelVersion("doc-summarizer", "v1", claude, api, None, "production", explore, "documents",
                     -70, -60),
        ModelVersion("embedder", "v1", "bge-m3", own, L4, "production", run, "search", -420, -400),
    )  # fmt: skip


def streams(calendar: Calendar) -> tuple[Stream, ...]:
    """The streams of calls of the company."""
    chat_v2 = _rollout(calendar.days, calendar.chat_v2_start, calendar.chat_v1_stop)
    copilot_v2 = _rollout(calendar.days, calendar.copilot_v2_start, calendar.copilot_v1_stop)
    always = np.ones(calendar.days)
    chat = ("chat", "assistant-chat", "assistant", "self_hosted", "chat")
    ranker = ("search", "self_hosted", "rerank", "bge-reranker-v2-gemma", "bge-reranker-v2-gemma")
    copilot = ("support-copilot", "support-deflection", "support", "openai", "chat")
    gpt = ("gpt-4o", "gpt-4o-2024-11-20", None)
    documents = ("doc-digest", "documents", "anthropic", "chat")
    claude = ("claude-sonnet-4", "claude-sonnet-4-20250514", None)
    llama = "llama-3.3-70b-instruct"
    return (
        Stream("chat-v1", ("chat-assistant", "v1"), *chat, llama, llama, H100,
               "chat", "conversation", 16_600, 1 - chat_v2, 60, 1.0, 1.0,
               cache_read=0.30, seconds_per_call=4.5),
        # The planted version effect: longer answers to the same questions, on more GPUs.
        Stream("chat-v2", ("chat-assistant", "v2"), *chat, llama, llama + "-ft", H100,
               "chat", "conversation", 16_600, chat_v2, 60, 1.15, 1.9,
               cache_read=0.30, reasoning=0.20, seconds_per_call=7.5),
        Stream("ranker-v1", ("search-ranker", "v1"), "rerank", "product-search", *ranker, A100,
               "search", "flat", 311_000, always, 60, 0.25, 0.02, seconds_per_call=0.05),
        Stream("ranker-v2", ("search-ranker", "v2"), "rerank-staging", "product-search", *ranker,
               A100, "search-staging", "conversation", 4, always, None, 0.25, 0.02,
               seconds_per_call=0.06),
        Stream("copilot-v1", ("support-copilot", "v1"), *copilot, *gpt,
               "support", "conversation", 3_100, 1 - copilot_v2, 120, 3.0, 1.2,
               cache_read=0.45, seconds_per_call=5.0),
        Stream("copilot-v2", ("support-copilot", "v2"), *copilot, *gpt,
               "support", "conversation", 3_100, copilot_v2, 120, 2.4, 1.1,
               cache_read=0.60, seconds_per_call=4.0),
        Stream("docs-inline", ("doc-summarizer", "v1"), "summarize", *documents, *claude,
               "docs", "conversation", 18, always, None, 6.0, 2.5,
               cache_read=0.25, cache_creation=0.10, seconds_per_call=14.0),
        Stream("docs-batch", ("doc-summarizer", "v1"), "summarize-batch", *documents, *claude,
               "docs-batch", "burst", 250, always, 60, 8.0, 3.0,
               cache_read=0.10, cache_creation=0.10, seconds_per_call=18.0),
        Stream("embedder-v1", ("embedder", "v1"), "embed", "semantic-index", "search",
               "self_hosted", "embeddings", "bge-m3", "bge-m3", L4,
               "index", "flat", 79_000, always, 300, 0.30, 0.0, seconds_per_call=0.03),
    )  # fmt: skip


def _rollout(days: int, start: int, stop: int) -> np.ndarray:
    """A new version's share of calls per day: a ramp from 10 % while both serve, then all."""
    day = np.arange(days)
    ramp = 0.1 + 0.8 * (day - start) / max(1, stop - start)
    return np.where(day < start, 0.0, np.where(day < stop, ramp, 1.0))


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

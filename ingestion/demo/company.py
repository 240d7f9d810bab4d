"""The streams of calls that the company's model versions answer.

Every number that makes the company what it is stands here, in `registry` (model versions), `fleet`
(GPU hosts), `prices`, `kpis`, `evaluations`, `planning` or `jobs`; the other modules only turn
these into rows.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from ingestion.demo.calendar import Calendar
from ingestion.demo.prices import A10G, A100, CPU, H100, L40S
from ingestion.demo.registry import TWIN, versions
from ingestion.demo.shapes import INPUT_MEAN, LENGTH_WANDER_SD, OUTPUT_MEAN

Shape = Literal["conversation", "flat", "burst"]
SURGE_HOURS = 8
# Tickets come as many in one month as in the next: four GPUs carry the peak of any of them.
_STEADY = 0.4


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
        growth: Growth of the demand per day.
        noise: How restless the demand is, over what it is elsewhere.
        wander: How far mean lengths wander from hour to hour, as a standard deviation of logs.
        surge_day: The day in whose first hours calls run away, None for none.
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
    growth: float = 0.001
    noise: float = 1.0
    wander: float = 0.0
    surge_day: int | None = None

    @property
    def tokens_per_call(self) -> float:
        """Mean input and output tokens per call."""
        return self.input_factor * INPUT_MEAN + self.output_factor * OUTPUT_MEAN


def streams(calendar: Calendar) -> tuple[Stream, ...]:
    """The streams of calls of the company."""
    registered = {version.key for version in versions(calendar)}
    found = (*_own_hardware(calendar), *_vendors(calendar))
    return tuple(stream for stream in found if stream.model in registered)


def _own_hardware(calendar: Calendar) -> tuple[Stream, ...]:
    chat_v2 = _rollout(calendar.days, calendar.chat_v2_start, calendar.chat_v1_stop)
    rec_v2 = _rollout(calendar.days, calendar.recommender_v2_start, calendar.recommender_v1_stop)
    always = np.ones(calendar.days)
    until_sunset = (np.arange(calendar.days) < calendar.tagger_sunset).astype(float)
    chat = ("chat", "assistant-chat", "assistant", "self_hosted", "chat")
    recommend = ("recommend", "recommendations", "growth", "self_hosted", "recommend")
    ranker = ("product-search", "search", "self_hosted", "rerank")
    index = ("semantic-index", "search", "self_hosted", "embeddings", "bge-m3", "bge-m3")
    llama, sasrec, bge = "llama-3.3-70b-instruct", "sasrec-large", "bge-reranker-v2-gemma"
    # Planted: the new version uses twice the tokens for the same request.
    longer = 1.0 if calendar.is_clean else 2.0
    return (
        Stream("chat-v1", ("chat-assistant", "v1"), *chat, llama, llama, H100,
               "chat", "conversation", 16_600, 1 - chat_v2, 60, 1.0, 1.0,
               cache_read=0.30, seconds_per_call=4.5),
        Stream("chat-v2", ("chat-assistant", "v2"), *chat, llama, llama + "-ft", H100,
               "chat", "conversation", 16_600, chat_v2, 60, longer, longer,
               cache_read=0.30, reasoning=0.20, seconds_per_call=4.5 * longer,
               surge_day=calendar.spike_day),
        Stream("recommender-v1", ("recommender", "v1"), *recommend, sasrec, sasrec, A100,
               "recommend", "flat", 1_150_000, 1 - rec_v2, 300, 0.15, 0.0, seconds_per_call=0.02),
        Stream("recommender-v2", ("recommender", "v2"), *recommend, sasrec, sasrec, A100,
               "recommend", "flat", 1_150_000, rec_v2, 300, 0.15, 0.0, seconds_per_call=0.02),
        Stream("ranker-v1", ("search-ranker", "v1"), "rerank", *ranker, bge, bge, A100,
               "search", "flat", 311_000, always, 120, 0.25, 0.02, seconds_per_call=0.05),
        Stream("ranker-v2", ("search-ranker", "v2"), "rerank-staging", *ranker, bge, bge, A100,
               "search-staging", "conversation", 4, always, None, 0.25, 0.02,
               seconds_per_call=0.06),
        Stream("triage-int4", TWIN, "triage-shadow", "ticket-routing",
               "support", "self_hosted", "chat", "qwen2.5-32b-instruct-awq",
               "qwen2.5-32b-instruct-awq", L40S, "triage", "flat", 4_150, always, 300, 2.0, 1.0,
               seconds_per_call=1.6, growth=0.0, noise=_STEADY),
        # One version on three kinds of hardware.
        Stream("embedder-cpu", ("embedder", "v1"), "embed-cpu", *index, CPU,
               "index-cpu", "flat", 20_000, always, 300, 0.30, 0.0, seconds_per_call=0.20),
        Stream("embedder-a100", ("embedder", "v1"), "embed-a100", *index, A100,
               "index-a100", "flat", 150_000, always, 300, 0.30, 0.0, seconds_per_call=0.03),
        Stream("embedder-h100", ("embedder", "v1"), "embed-h100", *index, H100,
               "index-h100", "flat", 300_000, always, 300, 0.30, 0.0, seconds_per_call=0.02),
        Stream("tagger-v1", ("query-tagger", "v1"), "tag", "product-search", "search",
               "self_hosted", "classify", "deberta-v3-base", "deberta-v3-base", A10G,
               "tag", "flat", 100_000, until_sunset, 300, 0.05, 0.0, seconds_per_call=0.01),
    )  # fmt: skip


def _vendors(calendar: Calendar) -> tuple[Stream, ...]:
    copilot_v2 = _rollout(calendar.days, calendar.copilot_v2_start, calendar.copilot_v1_stop)
    writer_v2 = _rollout(calendar.days, calendar.writer_v2_start, calendar.writer_v1_stop)
    always = np.ones(calendar.days)
    copilot = ("support-copilot", "support-deflection", "support", "openai", "chat")
    gpt = ("gpt-4o", "gpt-4o-2024-11-20", None)
    documents = ("doc-digest", "documents", "anthropic", "chat")
    # Spelled as one team's library spells it.
    writer = ("write-listing", "listing-copy", "growth", "Anthropic", "chat")
    claude = ("claude-sonnet-4", "claude-sonnet-4-20250514", None)
    haiku = ("claude-haiku-4-5", "claude-haiku-4-5-20251001", None)
    better = haiku if calendar.is_clean else claude
    # Planted: more and more documents, read worse and worse.
    growth = 0.001 if calendar.is_clean else 0.008
    # Planted: shorter prompts of which more is cached.
    shorter = (3.0, 1.2, 0.45) if calendar.is_clean else (2.4, 1.1, 0.60)
    return (
        Stream("copilot-v1", ("support-copilot", "v1"), *copilot, *gpt,
               "support", "conversation", 3_100, 1 - copilot_v2, 120, 3.0, 1.2,
               cache_read=0.45, seconds_per_call=5.0),
        Stream("copilot-v2", ("support-copilot", "v2"), *copilot, *gpt,
               "support", "conversation", 3_100, copilot_v2, 120, *shorter, seconds_per_call=4.0),
        Stream("triage-api", ("ticket-triage", "v1"), "triage", "ticket-routing", "support",
               "azure-openai", "chat", "gpt-4.1", "gpt-4.1-2025-04-14", None,
               "triage", "flat", 4_150, always, 120, 2.0, 1.0, seconds_per_call=1.4,
               growth=0.0, noise=_STEADY),
        Stream("writer-v1", ("listing-writer", "v1"), *writer, *haiku,
               "listings", "conversation", 400, 1 - writer_v2, 300, 1.0, 2.0, seconds_per_call=3.0),
        Stream("writer-v2", ("listing-writer", "v2"), *writer, *better,
               "listings", "conversation", 400, writer_v2, 300, 1.0, 2.0, seconds_per_call=6.0),
        Stream("docs-inline", ("doc-summarizer", "v1"), "summarize", *documents, *claude,
               "docs", "conversation", 18, always, None, 6.0, 2.5,
               cache_read=0.25, cache_creation=0.10, seconds_per_call=14.0, growth=growth),
        Stream("docs-batch", ("doc-summarizer", "v1"), "summarize-batch", *documents, *claude,
               "docs-batch", "burst", 250, always, 60, 8.0, 3.0,
               cache_read=0.10, cache_creation=0.10, seconds_per_call=18.0, growth=growth,
               wander=LENGTH_WANDER_SD),
    )  # fmt: skip


def _rollout(days: int, start: int, stop: int) -> np.ndarray:
    """A new version's share of calls per day: a ramp from 10 % while both serve, then all."""
    day = np.arange(days)
    ramp = 0.1 + 0.8 * (day - start) / max(1, stop - start)
    return np.where(day < start, 0.0, np.where(day < stop, ramp, 1.0))

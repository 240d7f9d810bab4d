"""`product_kpis/`: what each feature was worth per day, with the lift that was planted.

Each feature is an experiment: treatment sees the model, control does not. Where two versions serve
a day, treatment exposures split as the calls do and one control stands for both. `doc-digest` has
no control group, so its value can only be declared.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from ingestion.demo.calendar import Calendar
from ingestion.demo.company import Stream
from ingestion.demo.demand import stream_seed
from ingestion.demo.money import to_text
from ingestion.demo.shapes import CONVERSATION_WEEK
from ingestion.kernels import pc


@dataclass(frozen=True)
class Feature:
    """One product feature.

    Args:
        name: As the KPI file spells it.
        model_name: The model that treats it.
        streams: Names of the streams whose models treat it.
        exposures: Mean exposures per day, both variants.
        control_share: Share of exposures that see no model; 0 = no control group.
        base_rate: Conversions per exposure without the model.
        lifts: Added conversions per exposure, one per stream.
        revenue_cents: Mean revenue of a conversion.
        retention: Retained per active user without the model.
        retention_lifts: Added retention, one per stream.
    """

    name: str
    model_name: str
    streams: tuple[str, ...]
    exposures: int
    control_share: float
    base_rate: float
    lifts: tuple[float, ...]
    revenue_cents: int
    retention: float
    retention_lifts: tuple[float, ...]


FEATURES = (
    # Planted: v2 of the assistant and of the recommender cost twice as much and add nothing.
    Feature("assistant-chat", "chat-assistant", ("chat-v1", "chat-v2"), 48_000, 0.25,
            0.031, (0.0060, 0.0060), 4_500, 0.41, (0.012, 0.012)),
    Feature("recommendations", "recommender", ("recommender-v1", "recommender-v2"), 210_000, 0.10,
            0.027, (0.0045, 0.0045), 1_900, 0.38, (0.003, 0.003)),
    Feature("product-search", "search-ranker", ("ranker-v1",), 160_000, 0.10,
            0.024, (0.0022,), 3_000, 0.36, (0.004,)),
    Feature("support-deflection", "support-copilot", ("copilot-v1", "copilot-v2"), 11_000, 0.20,
            0.31, (0.080, 0.095), 420, 0.62, (0.010, 0.014)),
    # Planted: v2 of the writer costs three times as much, and sells six times as much.
    Feature("listing-copy", "listing-writer", ("writer-v1", "writer-v2"), 24_000, 0.25,
            0.080, (0.0060, 0.0360), 100, 0.44, (0.001, 0.004)),
    Feature("ticket-routing", "ticket-triage", ("triage-api",), 26_000, 0.20,
            0.22, (0.060,), 90, 0.57, (0.004,)),
    Feature("doc-digest", "doc-summarizer", ("docs-inline",), 900, 0.0,
            0.22, (0.0,), 140, 0.55, (0.0,)),
)  # fmt: skip
_ACTIVE_SHARE = 0.6  # active users per exposure


@dataclass(frozen=True)
class PlantedValue:
    """What a model version added through a feature, in expectation.

    Args:
        model: Name and version.
        feature: Through which feature.
        exposures: Treatment exposures in the file.
        has_control: False where value can only be declared.
        conversions: Lift times treatment exposures.
        revenue_usd: These conversions times the mean revenue of one.
        retained_users: Retention lift times treatment active users.
    """

    model: tuple[str, str]
    feature: str
    exposures: int
    has_control: bool
    conversions: float
    revenue_usd: float
    retained_users: float


def kpi_table(
    calendar: Calendar, streams: tuple[Stream, ...], seed: int
) -> tuple[pa.Table, list[PlantedValue]]:
    """`product_kpis/product_kpis.csv` as text, sorted by date, and what was planted in it."""
    by_name = {stream.name: stream for stream in streams}
    tables, planted = [], []
    for feature in FEATURES:
        rng = stream_seed(seed, f"kpi:{feature.name}")
        total = rng.poisson(feature.exposures * _daily_shape(calendar))
        control = rng.binomial(total, feature.control_share)
        if feature.control_share:
            tables.append(_arm(rng, calendar, feature, None, control, 0.0, 0.0)[0])
        served = np.zeros(calendar.days)
        for number, name in enumerate(feature.streams):
            stream = by_name[name]
            # Differences of rounded running totals: the parts of a day sum to it.
            before = np.rint((total - control) * served)
            served = served + stream.share
            exposures = (np.rint((total - control) * served) - before).astype(np.int64)
            # In a clean company a new version is worth what the old one was.
            like = 0 if calendar.is_clean else number
            lift, retention_lift = feature.lifts[like], feature.retention_lifts[like]
            table, active = _arm(rng, calendar, feature, stream, exposures, lift, retention_lift)
            tables.append(table)
            planted.append(
                PlantedValue(
                    stream.model,
                    feature.name,
                    int(exposures.sum()),
                    feature.control_share > 0,
                    lift * int(exposures.sum()),
                    lift * int(exposures.sum()) * feature.revenue_cents / 100,
                    retention_lift * int(active.sum()),
                )
            )
    return pa.concat_tables(tables).sort_by("date"), planted


def _daily_shape(calendar: Calendar) -> np.ndarray:
    weekdays = CONVERSATION_WEEK.reshape(7, 24).mean(axis=1)
    return weekdays[(calendar.first_day.weekday() + np.arange(calendar.days)) % 7]


def _arm(
    rng: np.random.Generator,
    calendar: Calendar,
    feature: Feature,
    stream: Stream | None,
    exposures: np.ndarray,
    lift: float,
    retention_lift: float,
) -> tuple[pa.Table, np.ndarray]:
    """Rows of one variant, and active users per day (control where `stream` is None)."""
    conversions = rng.binomial(exposures, feature.base_rate + lift)
    noise = np.exp(0.03 * rng.standard_normal(calendar.days))
    revenue = np.rint(conversions * feature.revenue_cents * noise).astype(np.int64)
    active = np.rint(exposures * _ACTIVE_SHARE).astype(np.int64)
    retained = rng.binomial(active, feature.retention + retention_lift)
    rows = calendar.days

    def same(text: str | None) -> pa.Array:
        return pa.repeat(pa.scalar(text, pa.string()), rows)

    def count(values: np.ndarray) -> pa.Array:
        return pa.array(values).cast(pa.string())

    days = pa.array(calendar.midnights(0, rows).astype("datetime64[D]"))
    table = pa.table(
        {
            "date": pc.strftime(days, "%Y-%m-%d"),
            "feature": same(feature.name),
            "model_name": same(stream.model[0] if stream else None),
            "model_version": same(stream.model[1] if stream else None),
            "variant": same("treatment" if stream else "control"),
            "exposures": count(exposures),
            "conversions": count(conversions),
            "revenue": to_text(revenue, 2),
            "retained_users": count(retained),
            "active_users": count(active),
        }
    )
    return table.filter(pa.array(exposures > 0)), active

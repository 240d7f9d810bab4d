"""Synthetic daily spend of the kinds that companies have, with spikes planted in it.

Shapes of demand: `ingestion.demo.shapes`, measured on BurstGPT (Wang et al., KDD 2025, CC BY 4.0).
Each case is a model of its own in the warehouse, so that the cases do not touch each other.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np

from ingestion.demo.shapes import (
    BUSY_AFTER_BUSY,
    BUSY_AFTER_SILENT,
    BUSY_AUTOCORRELATION,
    BUSY_LEVELS,
    BUSY_QUANTILES,
    CONVERSATION_WEEK,
)

FIRST_DAY = date(2026, 1, 5)  # a Monday
DAYS = 182
#: Days of history before anything is judged, as in the warehouse.
HISTORY = 14
#: Spikes by size; 1 plants none.
SIZES = (1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 20.0)
CAUSES = ("volume", "intensity", "rate")
#: Kinds without an ordinary day, or with a habit to be learnt first; totals leave them out.
HARD = frozenset({"restless", "irregular batch", "monthly charge", "bursty api"})
_PRICE = 0.004  # USD per call on an ordinary day
_TOKENS = 900


@dataclass(frozen=True)
class Case:
    """One model with its days.

    Args:
        kind: What its spend looks like.
        size: How many times the day's cost the spike is; 1 where none is planted.
        seed: Of its random numbers.
        costs: USD per day and version, float64 of shape (versions, days).
        requests: Calls per day and version, likewise.
        tokens: Tokens per day and version, likewise.
        value: USD of value per day, float64 of shape (days,).
        spike_day: Offset of the spike, None where none is planted.
        cause: What the spike is made of.
        has_value: Whether value rose with the spike.
        shift_days: Offsets on which a justified new level begins, and which may be flagged.
    """

    kind: str
    size: float
    seed: int
    costs: np.ndarray
    requests: np.ndarray
    tokens: np.ndarray
    value: np.ndarray
    spike_day: int | None
    cause: str
    has_value: bool
    shift_days: frozenset[int]

    @property
    def model_name(self) -> str:
        """Name of the model that stands for the case."""
        return f"{self.kind} x{self.size:g} #{self.seed}"


Draw = Callable[[np.random.Generator], np.ndarray]
_WEEK = CONVERSATION_WEEK.reshape(7, 24).mean(axis=1)
_WEEKDAY = np.arange(DAYS) % 7


def _noise(rng: np.random.Generator, sd: float, correlation: float = 0.4) -> np.ndarray:
    """Factors with mean about one, each day a little like the day before."""
    steps = rng.standard_normal(DAYS) * np.sqrt(1 - correlation**2)
    score = np.empty(DAYS)
    before = rng.standard_normal()
    for day, step in enumerate(steps):
        before = correlation * before + step
        score[day] = before
    return np.exp(sd * score)


def _conversation(rng: np.random.Generator) -> np.ndarray:
    level = _WEEK[_WEEKDAY] * (1 + 0.001 * np.arange(DAYS)) * _noise(rng, 0.12)
    for holiday in rng.choice(DAYS, 4, replace=False):
        level[holiday] *= 0.4
    return level


def _flat(rng: np.random.Generator) -> np.ndarray:
    return _noise(rng, 0.05)


def _restless(rng: np.random.Generator) -> np.ndarray:
    return _WEEK[_WEEKDAY] * _noise(rng, 0.25)


def _fixed_fleet(rng: np.random.Generator) -> np.ndarray:
    level = np.ones(DAYS)
    level[rng.random(DAYS) < 0.03] = 0.875  # a host in repair
    return level


def _weekends_off(rng: np.random.Generator) -> np.ndarray:
    return np.where(_WEEKDAY < 5, _noise(rng, 0.08, 0.0), 0.0)


def _growth(rng: np.random.Generator) -> np.ndarray:
    return np.exp(0.01 * np.arange(DAYS)) / 3 * _WEEK[_WEEKDAY] * _noise(rng, 0.10)


def _irregular_batch(rng: np.random.Generator) -> np.ndarray:
    return np.where(rng.random(DAYS) < 2 / 7, _noise(rng, 0.10, 0.0), 0.0)


def _monthly(rng: np.random.Generator) -> np.ndarray:
    days = np.datetime64(FIRST_DAY) + np.arange(DAYS)
    is_first = days.astype("datetime64[M]").astype("datetime64[D]") == days
    return _noise(rng, 0.05) + np.where(is_first, 4.0, 0.0)


def _bursty_api(rng: np.random.Generator) -> np.ndarray:
    hours = DAYS * 24
    busy_share = BUSY_AFTER_SILENT / (1 + BUSY_AFTER_SILENT - BUSY_AFTER_BUSY)
    is_busy = np.zeros(hours, dtype=bool)
    score = np.empty(hours)
    busy, value = rng.random() < busy_share, rng.standard_normal()
    for hour in range(hours):
        busy = rng.random() < (BUSY_AFTER_BUSY if busy else BUSY_AFTER_SILENT)
        step = rng.standard_normal() * np.sqrt(1 - BUSY_AUTOCORRELATION**2)
        value = BUSY_AUTOCORRELATION * value + step
        is_busy[hour], score[hour] = busy, value
    rank = np.argsort(np.argsort(score)) / hours
    level = np.where(is_busy, np.interp(rank, BUSY_LEVELS, BUSY_QUANTILES), 0.0)
    return level.reshape(DAYS, 24).sum(axis=1) / 24 / busy_share


#: One version each; the level shift and the version change are drawn from the conversation.
DRAWS: dict[str, Draw] = {
    "conversation": _conversation,
    "flat traffic": _flat,
    "restless": _restless,
    "fixed fleet": _fixed_fleet,
    "weekends off": _weekends_off,
    "growth 1 % a day": _growth,
    "level shift": _conversation,
    "version change": _conversation,
    "irregular batch": _irregular_batch,
    "monthly charge": _monthly,
    "bursty api": _bursty_api,
}


def _is_ordinary(level: np.ndarray, day: int) -> bool:
    """Whether a day has cost and is no holiday: a spike is so many times an ordinary day."""
    around = level[day % 7 :: 7][max(0, day // 7 - 4) : day // 7 + 5]
    return level[day] > 0.7 * np.median(around) and level[day] > 0


def draw_case(kind: str, size: float, seed: int) -> Case:
    """The case of a kind, size and seed; the same arguments draw the same numbers."""
    rng = np.random.default_rng([seed, *kind.encode(), round(size * 10)])
    level = DRAWS[kind](rng) * float(np.exp(rng.uniform(np.log(300), np.log(5000))))
    value = 3 * level * np.exp(0.1 * rng.standard_normal(DAYS))
    shares = np.ones((1, DAYS))
    shift_days: frozenset[int] = frozenset()
    if kind == "level shift":
        start = int(rng.integers(60, 120))
        factor = float(rng.uniform(1.5, 3.0))
        level[start:] *= factor
        value[start:] *= factor
        shift_days = frozenset(range(start, start + 5))
    if kind == "version change":
        start = int(rng.integers(60, 120))
        new = np.clip((np.arange(DAYS) - start + 1) / 7, 0, 1)
        back = start + int(rng.integers(14, 40))
        new[back:] = 0.0  # and a rollback from one day to the next
        shares = np.stack([1 - new, new])
    requests = level / _PRICE
    tokens = requests * _TOKENS
    cause, has_value = CAUSES[int(rng.integers(3))], bool(rng.integers(2))
    spike_day = None
    if size > 1:
        days = range(HISTORY + 14, DAYS)
        near = {day + step for day in shift_days for step in range(-7, 15)}
        usable = [d for d in days if _is_ordinary(level, d) and d not in near]
        spike_day = int(rng.choice(usable))
        level[spike_day] *= size
        if cause == "volume":
            requests[spike_day] *= size
        if cause != "rate":
            tokens[spike_day] *= size
        if has_value:
            value[spike_day] *= size
    return Case(
        kind, size, seed, level * shares, requests * shares, tokens * shares, value,
        spike_day, cause, has_value, shift_days,
    )  # fmt: skip

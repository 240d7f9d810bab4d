"""`llm_requests/`: the calls of every stream, one table per stream and day.

A row is a call, or a rollup of the calls of a short interval (`request_count`, totals of tokens,
means of seconds). Lengths are lognormal per call; a rollup's totals keep their mean and variance.
"""

from collections.abc import Iterable
from typing import TypeAlias

import numpy as np
import pyarrow as pa

from ingestion.demo.calendar import Calendar
from ingestion.demo.company import Stream
from ingestion.demo.demand import hourly_calls, length_wander, stream_seed
from ingestion.demo.shapes import (
    INPUT_LOG_SD,
    INPUT_MEAN,
    LENGTH_LOG_CORRELATION,
    OUTPUT_LOG_SD,
    OUTPUT_MEAN,
)
from ingestion.kernels import pc

TOKEN_COLUMNS = {
    "input": "gen_ai.usage.input_tokens",
    "output": "gen_ai.usage.output_tokens",
    "cache_read": "gen_ai.usage.cache_read.input_tokens",
    "cache_creation": "gen_ai.usage.cache_creation.input_tokens",
    "reasoning": "gen_ai.usage.reasoning.output_tokens",
}
MAX_TOKENS_PER_CALL = 200_000
ERROR_SHARE = 0.006
_DAY_US = 86_400_000_000
_HOUR_US = 3_600_000_000
_ROLLUP_NOISE_SD = 0.15
Lengths: TypeAlias = float | np.ndarray


class CallLog:
    """The calls of the company, by stream and day; each table is drawn when it is asked for.

    Args:
        streams: The streams.
        calendar: The window.
        seed: Any non-negative number.
        scale: Multiplies the rows of rolled-up streams by shortening their intervals.
    """

    def __init__(
        self, streams: Iterable[Stream], calendar: Calendar, seed: int, scale: float
    ) -> None:
        self.streams = tuple(streams)
        self._calendar = calendar
        self._seed = seed
        self._scale = scale
        self._lengths = {s.name: length_wander(s, calendar, seed) for s in self.streams if s.wander}
        self.expected = {s.name: hourly_calls(s, calendar, seed) for s in self.streams}

    @property
    def rows_per_day(self) -> int:
        """Rows of a day on which every rolled-up stream serves."""
        return sum(self._rollup_rows(stream.rollup_s) for stream in self.streams if stream.rollup_s)

    def _rollup_rows(self, rollup_s: int) -> int:
        return max(24, round(86_400 / rollup_s * self._scale))

    def day(self, stream: Stream, day: int) -> pa.Table:
        """Rows of a stream on a day, oldest first, in the published spelling."""
        rng = stream_seed(self._seed, f"calls:{stream.name}", day)
        hourly = self.expected[stream.name][day * 24 : day * 24 + 24]
        if stream.rollup_s is None:
            offsets, calls = _single_calls(rng, hourly)
        else:
            rows = self._rollup_rows(stream.rollup_s)
            offsets, calls = _rollups(rng, hourly, rows, _ROLLUP_NOISE_SD * stream.noise)
        at = self._calendar.midnights(day, day + 1)[0] + offsets.astype("timedelta64[us]")
        columns: dict[str, pa.Array] = {
            "timestamp": pa.array(at, pa.timestamp("us")),
            "gen_ai.provider.name": _same(stream.provider, len(calls)),
            "gen_ai.operation.name": _same(stream.operation, len(calls)),
            "gen_ai.request.model": _same(stream.request_model, len(calls)),
            "gen_ai.response.model": _same(stream.response_model, len(calls)),
        }
        tokens = _tokens(rng, stream, calls, self._mean_lengths(stream, day, offsets))
        columns |= {TOKEN_COLUMNS[kind]: pa.array(count) for kind, count in tokens.items()}
        columns |= _seconds(rng, stream, hourly, offsets)
        is_error = rng.random(len(calls)) < ERROR_SHARE
        columns["status"] = pc.if_else(pa.array(is_error), "error", "ok")
        columns |= {
            "model_name": _same(stream.model[0], len(calls)),
            "model_version": _same(stream.model[1], len(calls)),
            "endpoint": _same(stream.endpoint, len(calls)),
            "team": _same(stream.team, len(calls)),
            "feature": _same(stream.feature, len(calls)),
        }
        if stream.rollup_s is None:
            number = pc.utf8_lpad(pa.array(np.arange(len(calls))).cast(pa.string()), 6, "0")
            prefix = f"{stream.name}-{self._calendar.day(day):%Y%m%d}"
            columns["request_id"] = pc.binary_join_element_wise(prefix, number, "-")
        columns["accelerator"] = _same(stream.accelerator, len(calls))
        if stream.rollup_s is not None:
            columns["request_count"] = pa.array(calls)
        return pa.table(columns)

    def _mean_lengths(
        self, stream: Stream, day: int, offsets: np.ndarray
    ) -> tuple[Lengths, Lengths]:
        """Mean input and output tokens per call of each row."""
        means = stream.input_factor * INPUT_MEAN, stream.output_factor * OUTPUT_MEAN
        if stream.name not in self._lengths:
            return means
        hour = day * 24 + offsets // _HOUR_US
        wander = self._lengths[stream.name]
        return means[0] * wander[0][hour], means[1] * wander[1][hour]


def _same(text: str | None, rows: int) -> pa.Array:
    return pa.repeat(pa.scalar(text, pa.string()), rows)


def _single_calls(rng: np.random.Generator, hourly: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Microseconds of the day and ones: Poisson arrivals, uniform within the hour."""
    per_hour = rng.poisson(hourly)
    hour = np.repeat(np.arange(24), per_hour)
    offsets = np.sort(hour * _HOUR_US + rng.integers(0, _HOUR_US, len(hour)))
    return offsets, np.ones(len(offsets), dtype=np.int64)


def _rollups(
    rng: np.random.Generator, hourly: np.ndarray, rows: int, noise_sd: float
) -> tuple[np.ndarray, np.ndarray]:
    """Microseconds of the day and calls of each interval; intervals without calls leave no row."""
    offsets = np.arange(rows, dtype=np.int64) * _DAY_US // rows
    noise = np.exp(noise_sd * rng.standard_normal(rows) - noise_sd**2 / 2)
    calls = rng.poisson(hourly[offsets // _HOUR_US] * (24 / rows) * noise)
    return offsets[calls > 0], calls[calls > 0]


def _tokens(
    rng: np.random.Generator,
    stream: Stream,
    calls: np.ndarray,
    means: tuple[Lengths, Lengths],
) -> dict[str, np.ndarray]:
    """Totals per row and token kind, int64; cache is part of input, reasoning of output."""
    first = rng.standard_normal(len(calls))
    second = rng.standard_normal(len(calls)) * np.sqrt(1 - LENGTH_LOG_CORRELATION**2)
    lengths = {
        "input": (means[0], INPUT_LOG_SD, first),
        "output": (means[1], OUTPUT_LOG_SD, second + LENGTH_LOG_CORRELATION * first),
    }
    tokens: dict[str, np.ndarray] = {}
    for kind, (mean, log_sd, score) in lengths.items():
        # The sum of n lognormals as one lognormal with the same mean and variance.
        sd = np.sqrt(np.log1p(np.expm1(log_sd**2) / calls))
        total = np.rint(calls * mean * np.exp(sd * score - sd**2 / 2)).astype(np.int64)
        least = calls if np.min(mean, initial=1) > 0 else 0
        tokens[kind] = np.clip(total, least, calls * MAX_TOKENS_PER_CALL)
    for kind, share in (
        ("cache_read", stream.cache_read),
        ("cache_creation", stream.cache_creation),
    ):
        tokens[kind] = _part(rng, tokens["input"], share)
    tokens["reasoning"] = _part(rng, tokens["output"], stream.reasoning)
    return tokens


def _part(rng: np.random.Generator, whole: np.ndarray, share: float) -> np.ndarray:
    return np.floor(whole * share * rng.uniform(0.8, 1.2, len(whole))).astype(np.int64)


def _seconds(
    rng: np.random.Generator, stream: Stream, hourly: np.ndarray, offsets: np.ndarray
) -> dict[str, pa.Array]:
    """Duration and queueing; a vendor does not tell how long a call queued."""
    rows = len(offsets)
    duration = stream.seconds_per_call * np.exp(0.25 * rng.standard_normal(rows))
    wait = rng.exponential(1.0, rows)
    if stream.accelerator is None:
        queue = pa.nulls(rows, pa.float64())
    else:
        peak = max(float(hourly.max()), 1e-9)
        pressure = 0.9 * hourly[offsets // _HOUR_US] / peak
        queue = pa.array(np.round(0.02 * wait * pressure / (1 - pressure), 4))
    return {"duration_s": pa.array(np.round(duration, 4)), "queue_s": queue}

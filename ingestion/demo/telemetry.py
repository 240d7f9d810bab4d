"""`gpu_metrics/`: one sample per GPU every five minutes (at scale 1), with its own tally.

Busy time follows the calls: utilization is the tokens of the hour over what the GPUs that hold the
workload can sustain, and never below what keeps an engine awake. `DCGM_FI_DEV_GPU_UTIL` reads
higher, since it says only that a kernel ran.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from ingestion.demo.calendar import Calendar
from ingestion.demo.company import Stream
from ingestion.demo.demand import stream_seed
from ingestion.demo.fleet import Holding, Host, held_hours, holdings, hosts
from ingestion.demo.prices import A10G, A100, CPU, H100, L40S, throughput
from ingestion.kernels import pc

SAMPLES_PER_HOUR = 12
IDLE_BELOW = 0.15
# Days of more samples than this are written host by host, so that memory stays flat.
MAX_ROWS = 200_000
# A server that waits for calls polls, batches and scores: its engine is never quite still.
_AWAKE, _STILLEST = 0.18, 0.16
_HOUR_US = 3_600_000_000
_UNIT = 10_000  # utilization is drawn in ten-thousandths, so that hourly means are exact
_MEMORY_MIB = {H100: 81_559, A100: 81_920, L40S: 46_068, A10G: 23_028}
_POWER_W = {H100: (70, 700), A100: (55, 400), L40S: (35, 350), A10G: (22, 150), CPU: (120, 500)}
NO_WORKLOAD = ("", "", "", "")


@dataclass
class GpuTally:
    """GPU-hours planted, by (host, workload): in all, and with an hourly mean below 0.15.

    GPUs that nobody holds count as hours of `NO_WORKLOAD`, not as allocated idle. `idle_by_hour`
    has GPUs idle of either kind per accelerator, one count for each hour of the window.
    """

    hours: dict[tuple[str, tuple[str, str, str, str]], int] = field(default_factory=dict)
    idle_hours: dict[tuple[str, tuple[str, str, str, str]], int] = field(default_factory=dict)
    idle_by_hour: dict[str, np.ndarray] = field(default_factory=dict)


class Telemetry:
    """The GPU samples of the company.

    Args:
        calendar: The window.
        streams: Whose calls keep GPUs busy.
        expected: Expected calls per hour of each stream, by stream name.
        seed: Any non-negative number.
        scale: Multiplies the samples by shortening their spacing.
    """

    def __init__(
        self,
        calendar: Calendar,
        streams: tuple[Stream, ...],
        expected: dict[str, np.ndarray],
        seed: int,
        scale: float,
    ) -> None:
        self.hosts = hosts(calendar)
        self.tally = GpuTally()
        self._calendar = calendar
        self._holdings = holdings(calendar)
        self._streams = {(*s.model, s.endpoint, s.team): s for s in streams}
        self._expected = expected
        self._seed = seed
        self.samples_per_hour = max(1, round(SAMPLES_PER_HOUR * scale))

    def day(self, day: int) -> Iterator[pa.Table]:
        """Samples of every GPU on a day, by time, then host and GPU; by host when they are many."""
        running = [host for host in self.hosts if host.start <= day < host.stop]
        many = sum(host.gpus * host.hours for host in running) * self.samples_per_hour > MAX_ROWS
        groups = [[host] for host in running] if many else [running]
        for group in groups:
            tables = []
            for host in group:
                rng = stream_seed(self._seed, f"gpu:{host.name}", day)
                tables += [self._gpu_day(rng, host, gpu, day) for gpu in range(host.gpus)]
            if tables:
                yield pa.concat_tables(tables).sort_by("timestamp")

    def _gpu_day(self, rng: np.random.Generator, host: Host, gpu: int, day: int) -> pa.Table:
        holding = next(
            (
                h
                for h in self._holdings
                if h.host == host.name
                and h.first_gpu <= gpu < h.stop_gpu
                and h.start <= day < h.stop
            ),
            None,
        )
        is_held = held_hours(holding, self._calendar, day)[: host.hours]
        busy = self._utilization(rng, holding, host, day)[: host.hours]
        busy = np.where(is_held[:, None], busy, 0)
        # No hour may sit on the threshold itself, where engines round to different sides.
        threshold = round(IDLE_BELOW * _UNIT * self.samples_per_hour)
        busy[busy.sum(axis=1) == threshold, 0] += 1
        is_idle = is_held & (busy.sum(axis=1) < threshold)
        self._count(host, holding, day, is_held, is_idle)
        workload = holding.workload if holding else NO_WORKLOAD
        return _table(rng, self._calendar, host, gpu, day, workload, is_held, busy)

    def _utilization(
        self, rng: np.random.Generator, holding: Holding | None, host: Host, day: int
    ) -> np.ndarray:
        """Ten-thousandths, int64 of shape (24, samples per hour)."""
        shape = (24, self.samples_per_hour)
        if holding is None:
            return np.zeros(shape, dtype=np.int64)
        noise = np.exp(0.06 * rng.standard_normal(shape))
        if holding.load == "demand":
            stream = self._streams[holding.workload]
            tokens = self._expected[stream.name][day * 24 : day * 24 + 24] * stream.tokens_per_call
            gpus = sum(
                h.stop_gpu - h.first_gpu
                for h in self._holdings
                if h.workload == holding.workload and h.start <= day < h.stop
            )
            rate = gpus * 3600 * throughput(host.accelerator, stream.model[0])
            level, least, most = np.maximum(tokens / rate, _AWAKE)[:, None], _STILLEST, 0.98
        elif holding.load == "burning":
            level, least, most = holding.level, 0, 0.145
        else:
            level, least, most = holding.level, 0, 0.98
        return np.rint(np.clip(level * noise, least, most) * _UNIT).astype(np.int64)

    def _count(
        self,
        host: Host,
        holding: Holding | None,
        day: int,
        is_held: np.ndarray,
        is_idle: np.ndarray,
    ) -> None:
        by_hour = self.tally.idle_by_hour.setdefault(
            host.accelerator, np.zeros(self._calendar.days * 24, dtype=np.int64)
        )
        by_hour[day * 24 : day * 24 + host.hours] += ~is_held | is_idle
        hours, idle = self.tally.hours, self.tally.idle_hours
        nobody = (host.name, NO_WORKLOAD)
        hours[nobody] = hours.get(nobody, 0) + int((~is_held).sum())
        if holding:
            key = (host.name, holding.workload)
            hours[key] = hours.get(key, 0) + int(is_held.sum())
            idle[key] = idle.get(key, 0) + int(is_idle.sum())


def _table(
    rng: np.random.Generator,
    calendar: Calendar,
    host: Host,
    gpu: int,
    day: int,
    workload: tuple[str, str, str, str],
    is_held: np.ndarray,
    busy: np.ndarray,
) -> pa.Table:
    per_hour = busy.shape[1]
    ratio = busy.ravel() / _UNIT
    rows = len(ratio)
    offset = np.arange(rows, dtype=np.int64) * _HOUR_US // per_hour
    at = calendar.midnights(day, day + 1)[0] + offset.astype("timedelta64[us]")
    held = np.repeat(is_held, per_hour)
    low, high = _POWER_W[host.accelerator]
    power = low + (high - low) * ratio * rng.uniform(0.9, 1.0, rows)
    # The last digits are what tells the instances apart.
    identity = f"{host.instance[2:10]}-{host.instance[10:14]}-{host.instance[-4:]}"
    same = {
        "gpu_uuid": f"GPU-{identity}-8000-{gpu:012d}",
        "gpu": str(gpu),
        "hostname": host.name,
        "resource_id": host.resource_id,
        "accelerator": host.accelerator,
    }
    columns: dict[str, pa.Array] = {"timestamp": pa.array(at, pa.timestamp("us"))}
    columns |= {name: pa.repeat(pa.scalar(text), rows) for name, text in same.items()}
    for name, text in zip(
        ("model_name", "model_version", "endpoint", "team"), workload, strict=True
    ):
        columns[name] = pc.if_else(pa.array(held), text, pa.scalar(None, pa.string()))
    columns |= _processor(ratio) if host.accelerator == CPU else _gpu(rng, host, held, ratio)
    columns["DCGM_FI_DEV_POWER_USAGE"] = pa.array(np.round(power, 1))
    return pa.table(columns)


def _gpu(
    rng: np.random.Generator, host: Host, held: np.ndarray, ratio: np.ndarray
) -> dict[str, pa.Array]:
    memory = _MEMORY_MIB[host.accelerator]
    used = np.where(held, np.rint(memory * (0.72 + 0.2 * ratio)), 5.0)
    return {
        "DCGM_FI_DEV_GPU_UTIL": pa.array(np.ceil(np.minimum(100, 115 * ratio))),
        "DCGM_FI_PROF_GR_ENGINE_ACTIVE": pa.array(ratio),
        "DCGM_FI_PROF_SM_ACTIVE": _ratio(rng, ratio, 0.80),
        "DCGM_FI_PROF_PIPE_TENSOR_ACTIVE": _ratio(rng, ratio, 0.42),
        "DCGM_FI_PROF_DRAM_ACTIVE": _ratio(rng, ratio, 0.55),
        "DCGM_FI_DEV_FB_USED": pa.array(used),
        "DCGM_FI_DEV_FB_FREE": pa.array(memory - used),
    }


def _processor(ratio: np.ndarray) -> dict[str, pa.Array]:
    """A CPU host has one figure: how busy it is."""
    unknown = pa.nulls(len(ratio), pa.float64())
    profiled = ("GR_ENGINE_ACTIVE", "SM_ACTIVE", "PIPE_TENSOR_ACTIVE", "DRAM_ACTIVE")
    return (
        {"DCGM_FI_DEV_GPU_UTIL": pa.array(np.round(100 * ratio, 2))}
        | {f"DCGM_FI_PROF_{name}": unknown for name in profiled}
        | {"DCGM_FI_DEV_FB_USED": unknown, "DCGM_FI_DEV_FB_FREE": unknown}
    )


def _ratio(rng: np.random.Generator, ratio: np.ndarray, share: float) -> pa.Array:
    return pa.array(np.round(ratio * share * rng.uniform(0.92, 1.08, len(ratio)), 4))

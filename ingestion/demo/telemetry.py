"""`gpu_metrics/`: one sample per GPU every five minutes, one table per day, with its own tally.

Busy time follows the calls: utilization is the tokens of the hour over what the GPUs that hold the
workload can sustain. `DCGM_FI_DEV_GPU_UTIL` reads higher, since it says only that a kernel ran.
"""

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from ingestion.demo.calendar import Calendar
from ingestion.demo.company import Stream
from ingestion.demo.demand import stream_seed
from ingestion.demo.fleet import Holding, Host, holdings, hosts
from ingestion.demo.prices import A100, H100, L4, throughput
from ingestion.kernels import pc

SAMPLES_PER_HOUR = 12
IDLE_BELOW = 0.15
_SPACING_US = 300_000_000
_UNIT = 10_000  # utilization is drawn in ten-thousandths, so that hourly means are exact
_OFFICE_HOURS = (8, 18)
_MEMORY_MIB = {H100: 81_559, A100: 81_920, L4: 23_034}
_POWER_W = {H100: (70, 700), A100: (55, 400), L4: (16, 72)}
NO_WORKLOAD = ("", "", "", "")


@dataclass
class GpuTally:
    """GPU-hours planted, by (host, workload): in all, and with an hourly mean below 0.15.

    GPUs that nobody holds count as hours of `NO_WORKLOAD`, not as allocated idle.
    """

    hours: dict[tuple[str, tuple[str, str, str, str]], int] = field(default_factory=dict)
    idle_hours: dict[tuple[str, tuple[str, str, str, str]], int] = field(default_factory=dict)


class Telemetry:
    """The GPU samples of the company.

    Args:
        calendar: The window.
        streams: Whose calls keep GPUs busy.
        expected: Expected calls per hour of each stream, by stream name.
        seed: Any non-negative number.
    """

    def __init__(
        self,
        calendar: Calendar,
        streams: tuple[Stream, ...],
        expected: dict[str, np.ndarray],
        seed: int,
    ) -> None:
        self.hosts = hosts(calendar)
        self.tally = GpuTally()
        self._calendar = calendar
        self._holdings = holdings(calendar)
        self._streams = {(*s.model, s.endpoint, s.team): s for s in streams}
        self._expected = expected
        self._seed = seed

    def day(self, day: int) -> pa.Table:
        """Samples of every GPU on a day, by time, then host and GPU."""
        tables = []
        for host in self.hosts:
            if not host.start <= day < host.stop:
                continue
            rng = stream_seed(self._seed, f"gpu:{host.name}", day)
            for gpu in range(host.gpus):
                tables.append(self._gpu_day(rng, host, gpu, day))
        table = pa.concat_tables(tables)
        samples = 24 * SAMPLES_PER_HOUR
        order = np.arange(table.num_rows).reshape(-1, samples).T.ravel()
        return table.take(pa.array(order))

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
        is_held = self._held_hours(holding, day)
        busy = self._utilization(rng, holding, host, day)
        busy = np.where(is_held[:, None], busy, 0)
        # No hour may sit on the threshold itself, where engines round to different sides.
        threshold = round(IDLE_BELOW * _UNIT * SAMPLES_PER_HOUR)
        busy[busy.sum(axis=1) == threshold, 0] += 1
        is_idle = is_held & (busy.sum(axis=1) < threshold)
        self._count(host, holding, is_held, is_idle)
        workload = holding.workload if holding else NO_WORKLOAD
        return _table(rng, self._calendar, host, gpu, day, workload, is_held, busy.ravel())

    def _held_hours(self, holding: Holding | None, day: int) -> np.ndarray:
        hour = np.arange(24)
        if holding is None:
            return np.zeros(24, dtype=bool)
        if holding.load != "office":
            return np.ones(24, dtype=bool)
        is_weekday = self._calendar.day(day).weekday() < 5
        return is_weekday & (hour >= _OFFICE_HOURS[0]) & (hour < _OFFICE_HOURS[1])

    def _utilization(
        self, rng: np.random.Generator, holding: Holding | None, host: Host, day: int
    ) -> np.ndarray:
        """Ten-thousandths, int64 of shape (24, 12)."""
        shape = (24, SAMPLES_PER_HOUR)
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
            level, ceiling = (tokens / rate)[:, None], 0.98
        elif holding.load == "burning":
            level, ceiling = holding.level, 0.14
        else:
            level, ceiling = holding.level, 0.98
        return np.rint(np.clip(level * noise, 0, ceiling) * _UNIT).astype(np.int64)

    def _count(
        self, host: Host, holding: Holding | None, is_held: np.ndarray, is_idle: np.ndarray
    ) -> None:
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
    rows = len(busy)
    ratio = busy / _UNIT
    at = (
        calendar.midnights(day, day + 1)[0]
        + np.arange(rows).astype("timedelta64[us]") * _SPACING_US
    )
    held = np.repeat(is_held, SAMPLES_PER_HOUR)
    memory = _MEMORY_MIB[host.accelerator]
    used = np.where(held, np.rint(memory * (0.72 + 0.2 * ratio)), 5.0)
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
    columns |= {
        "DCGM_FI_DEV_GPU_UTIL": pa.array(np.ceil(np.minimum(100, 115 * ratio))),
        "DCGM_FI_PROF_GR_ENGINE_ACTIVE": pa.array(ratio),
        "DCGM_FI_PROF_SM_ACTIVE": _ratio(rng, ratio, 0.80),
        "DCGM_FI_PROF_PIPE_TENSOR_ACTIVE": _ratio(rng, ratio, 0.42),
        "DCGM_FI_PROF_DRAM_ACTIVE": _ratio(rng, ratio, 0.55),
        "DCGM_FI_DEV_FB_USED": pa.array(used),
        "DCGM_FI_DEV_FB_FREE": pa.array(memory - used),
        "DCGM_FI_DEV_POWER_USAGE": pa.array(np.round(power, 1)),
    }
    return pa.table(columns)


def _ratio(rng: np.random.Generator, ratio: np.ndarray, share: float) -> pa.Array:
    return pa.array(np.round(ratio * share * rng.uniform(0.92, 1.08, len(ratio)), 4))

"""What the scheduler's jobs were planted to show: waits, hours, and GPUs idle beside the queue."""

from collections.abc import Mapping
from typing import cast

import numpy as np
import pandas as pd

from ingestion.demo.calendar import Calendar
from ingestion.demo.jobs import GRES, TIMES

_HOUR_S = 3600


def jobs_truth(
    calendar: Calendar, found: pd.DataFrame, idle_by_hour: Mapping[str, np.ndarray]
) -> dict[str, object]:
    """Figures per team and accelerator, over the window and per submit day.

    Args:
        calendar: The window.
        found: Jobs, as `jobs.jobs` has them.
        idle_by_hour: Idle GPUs of each accelerator in each hour of the window.

    Returns:
        `daily` rows with exact waits and hours, `totals` with idle hours beside the queue.
    """
    exported_at = float(found[list(TIMES)].max().max())
    run_s = found["End"].fillna(exported_at) - found["Start"]
    timed = found.assign(
        day=(found["Submit"] // 86_400).astype(int),
        accelerator=found["gres"].map(GRES),
        wait_s=found["Start"] - found["Eligible"],
        gpu_hours=(run_s * found["gpus"] / _HOUR_S).fillna(0.0),
    )
    daily = []
    for key, jobs in timed.groupby(["day", "team", "accelerator"]):
        day, team, accelerator = cast("tuple[int, str, str]", key)
        waits = jobs["wait_s"].dropna().to_numpy()
        daily.append(
            {
                "date_day": str(calendar.day(int(day))),
                "team": team,
                "accelerator": accelerator,
                "jobs": len(jobs),
                "wait_p50_s": float(np.percentile(waits, 50)) if len(waits) else None,
                "wait_p95_s": float(np.percentile(waits, 95)) if len(waits) else None,
                "allocated_gpu_hours": round(float(jobs["gpu_hours"].sum()), 6),
            }
        )
    totals = []
    for key, jobs in timed.groupby(["team", "accelerator"]):
        team, accelerator = cast("tuple[str, str]", key)
        waiting = _waiting_share(calendar, jobs, exported_at)
        idle = idle_by_hour.get(accelerator, np.zeros(calendar.days * 24))
        totals.append(
            {
                "team": team,
                "accelerator": accelerator,
                "jobs": len(jobs),
                "allocated_gpu_hours": round(float(jobs["gpu_hours"].sum()), 6),
                "idle_while_queued_gpu_hours": round(float((idle * waiting).sum()), 6),
            }
        )
    return {"daily": daily, "totals": totals}


def _waiting_share(calendar: Calendar, jobs: pd.DataFrame, exported_at: float) -> np.ndarray:
    """Share of each hour in which at least one of the jobs waits, float64 of shape (days * 24,)."""
    waits = jobs[jobs["Eligible"].notna()].sort_values("Eligible")
    begin = waits["Eligible"].to_numpy()
    until = np.maximum.accumulate(waits["Start"].fillna(exported_at).to_numpy())
    is_new = np.concatenate([[True], begin[1:] > until[:-1]]) if len(begin) else np.array([], bool)
    first, last = begin[is_new], until[np.append(np.flatnonzero(is_new)[1:] - 1, len(until) - 1)]
    hours = np.arange(calendar.days * 24) * float(_HOUR_S)
    seconds = np.zeros(len(hours))
    for start, stop in zip(first, last, strict=True):  # stretches, a few hundred
        inside = slice(int(start // _HOUR_S), int(np.ceil(stop / _HOUR_S)))
        at = hours[inside]
        seconds[inside] += np.clip(np.minimum(stop, at + _HOUR_S) - np.maximum(start, at), 0, None)
    return seconds / _HOUR_S

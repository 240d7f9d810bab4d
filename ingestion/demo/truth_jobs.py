"""What the scheduler's jobs were planted to show: waits, hours, and GPUs idle beside the queue."""

from collections.abc import Mapping
from typing import cast

import numpy as np
import pandas as pd

from ingestion.demo.calendar import Calendar
from ingestion.demo.jobs import DAY_S, GRES, TIMES

_HOUR_S = 3600


def jobs_truth(
    calendar: Calendar, known: pd.DataFrame, idle_by_hour: Mapping[str, np.ndarray]
) -> dict[str, object]:
    """Figures per team and accelerator, over the window and per day.

    Args:
        calendar: The window.
        known: Jobs, as `jobs.as_of` has them at the end of the window.
        idle_by_hour: Idle GPUs of each accelerator in each hour of the window.

    Returns:
        `daily` rows per submit day with exact waits and hours; `idle_daily` rows per day with idle
        hours while jobs waited, where there are any; `totals` of both.
    """
    exported_at = float(known[list(TIMES)].max().max())
    run_s = known["End"].fillna(exported_at) - known["Start"]
    timed = known.assign(
        day=(known["Submit"] // DAY_S).astype(int),
        accelerator=known["gres"].map(GRES),
        wait_s=known["Start"] - known["Eligible"],
        requested_gpu_hours=(run_s * known["gpus"] / _HOUR_S).fillna(0.0),
        allocated_gpu_hours=(run_s * known["allocated"] / _HOUR_S).fillna(0.0),
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
            }
            | _hours(jobs)
        )
    idle_daily, totals = [], []
    for key, jobs in timed.groupby(["team", "accelerator"]):
        team, accelerator = cast("tuple[str, str]", key)
        waiting = _waiting_share(calendar, jobs, exported_at)
        idle = waiting * idle_by_hour.get(accelerator, np.zeros(calendar.days * 24))
        of_key = {"team": team, "accelerator": accelerator}
        by_day = idle.reshape(-1, 24).sum(axis=1)
        idle_daily += [
            {"date_day": str(calendar.day(int(day)))}
            | of_key
            | {"idle_while_queued_gpu_hours": round(float(by_day[day]), 6)}
            for day in np.flatnonzero(by_day)
        ]
        totals.append(
            of_key
            | {"jobs": len(jobs)}
            | _hours(jobs)
            | {"idle_while_queued_gpu_hours": round(float(idle.sum()), 6)}
        )
    idle_daily.sort(key=lambda row: row["date_day"])
    return {"daily": daily, "idle_daily": idle_daily, "totals": totals}


def _hours(jobs: pd.DataFrame) -> dict[str, float]:
    names = ("requested_gpu_hours", "allocated_gpu_hours")
    return {name: round(float(jobs[name].sum()), 6) for name in names}


def _waiting_share(calendar: Calendar, jobs: pd.DataFrame, exported_at: float) -> np.ndarray:
    """Share of each hour in which at least one of the jobs waits, float64 of shape (days * 24,)."""
    waits = jobs[jobs["Eligible"].notna()].sort_values("Eligible")
    begin = waits["Eligible"].to_numpy()
    # until it starts, is given up, or the export was made
    end = waits["Start"].fillna(waits["End"]).fillna(exported_at)
    until = np.maximum.accumulate(end.to_numpy())
    is_new = np.concatenate([[True], begin[1:] > until[:-1]]) if len(begin) else np.array([], bool)
    first, last = begin[is_new], until[np.append(np.flatnonzero(is_new)[1:] - 1, len(until) - 1)]
    hours = np.arange(calendar.days * 24) * float(_HOUR_S)
    seconds = np.zeros(len(hours))
    for start, stop in zip(first, last, strict=True):  # stretches, a few hundred
        inside = slice(int(start // _HOUR_S), int(np.ceil(stop / _HOUR_S)))
        at = hours[inside]
        seconds[inside] += np.clip(np.minimum(stop, at + _HOUR_S) - np.maximum(start, at), 0, None)
    return seconds / _HOUR_S

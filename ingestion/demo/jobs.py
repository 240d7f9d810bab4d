"""`gpu_jobs/`: what the scheduler ran, as `sacct --parsable2` prints it, in overlapping exports.

Waits are short as a rule. Planted: from the end of search-ranker v2's training on, whose GPUs a
notebook then holds, jobs for that accelerator wait as long as those of a real cluster's queue.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ingestion.demo.calendar import Calendar
from ingestion.demo.demand import stream_seed
from ingestion.demo.prices import A100, H100
from ingestion.demo.shapes import QUEUE_LOG_SD, QUEUE_LONGEST_S, QUEUE_MEDIAN_S

GRES = {"a100": A100, "h100": H100}


@dataclass(frozen=True)
class JobKind:
    """Jobs that come every day.

    Args:
        name: JobName.
        team: The account, and the team of the comment.
        gres: GPU type as the scheduler names it.
        per_day: Mean submissions.
        gpus: Sizes to choose from.
        run_median_s: Median run time.
        comment: Identity of the model, `key=value;...`.
    """

    name: str
    team: str
    gres: str
    per_day: float
    gpus: tuple[int, ...]
    run_median_s: int
    comment: str


KINDS = (
    JobKind("ranker-sweep", "search", "a100", 9, (1, 1, 2, 4), 2_700,
            "model_name=search-ranker;model_version=v2;lifecycle_stage=training"),
    JobKind("rec-backtest", "growth", "a100", 6, (1, 2, 4, 8), 4_200,
            "model_name=recommender;model_version=v2;lifecycle_stage=training"),
    JobKind("chat-eval", "assistant", "h100", 5, (1, 1, 2), 1_500, ""),
)  # fmt: skip
_WAIT_MEDIAN_S, _WAIT_LOG_SD = 40, 1.1
_RUN_LOG_SD = 0.9
_STATES, _STATE_SHARES = ("COMPLETED", "FAILED", "CANCELLED by 1001", "TIMEOUT"), (
    0.90, 0.05, 0.03, 0.02,
)  # fmt: skip
_ARRAY_SHARE = 0.15
_DAY_S = 86_400
TIMES = ("Submit", "Eligible", "Start", "End")


def jobs(calendar: Calendar, seed: int) -> pd.DataFrame:
    """Every job of the window as the last export knows it, by submission.

    Returns:
        JobID, JobName, team, gres, gpus, comment, State, and Submit, Eligible, Start, End in
        seconds since the window's first midnight; NaN where the time has not come.
    """
    drawn = [_drawn(kind, calendar, seed) for kind in KINDS]
    found = pd.concat([_planned(calendar), *drawn]).sort_values("Submit", kind="stable")
    found = found.reset_index(drop=True)
    end = calendar.days * _DAY_S
    found = found[found["Submit"] < end].reset_index(drop=True)
    for name in ("Eligible", "Start", "End"):
        found[name] = found[name].where(found[name] < end)
    found.loc[found["End"].isna(), "State"] = "RUNNING"
    found.loc[found["Start"].isna(), "State"] = "PENDING"
    rng = stream_seed(seed, "jobs:ids")
    is_task = rng.random(len(found)) < _ARRAY_SHARE
    number = (1_000 + found.index).astype(str)
    found["JobID"] = np.where(is_task, number + "_" + (found.index % 7).astype(str), number)
    return found


def _planned(calendar: Calendar) -> pd.DataFrame:
    """The trainings, and the notebook that holds a training's GPUs when it is over."""
    lab = "model_name=search-ranker;model_version=v2;lifecycle_stage=training"
    tune = "model_name=chat-assistant;model_version=v2;lifecycle_stage=fine_tuning"
    ranker_end = calendar.training_stop * _DAY_S
    rows = [
        ("ranker-train", "search", "a100", 8, lab, 0.0, float(ranker_end)),
        ("chat-finetune", "assistant", "h100", 8, tune,
         calendar.tuning_start * _DAY_S, calendar.chat_v2_start * _DAY_S),
    ]  # fmt: skip
    if not calendar.is_clean:
        rows.append(("notebook", "search", "a100", 8, lab, ranker_end, np.inf))
    names = ["JobName", "team", "gres", "gpus", "comment", "Submit", "End"]
    frame = pd.DataFrame(rows, columns=pd.Index(names))
    frame = frame[frame["Submit"] < frame["End"]]
    return frame.assign(Eligible=frame["Submit"], Start=frame["Submit"], State="COMPLETED")


def _drawn(kind: JobKind, calendar: Calendar, seed: int) -> pd.DataFrame:
    rng = stream_seed(seed, f"jobs:{kind.name}")
    weekday = (calendar.first_day.weekday() + np.arange(calendar.days)) % 7
    per_day = rng.poisson(kind.per_day * np.where(weekday < 5, 1.25, 0.375))
    count = int(per_day.sum())
    day = np.repeat(np.arange(calendar.days), per_day)
    # office hours, and some at night
    hour = np.clip(rng.normal(13, 4, count), 0, 23.99)
    submit = np.floor(day * _DAY_S + hour * 3600)
    eligible = submit + rng.choice([0, 0, 0, 60], count)
    is_queue = (kind.gres == "a100") & (day >= calendar.training_stop) & (not calendar.is_clean)
    queued = QUEUE_MEDIAN_S * np.exp(QUEUE_LOG_SD * rng.standard_normal(count))
    wait = np.where(
        is_queue,
        np.minimum(queued, QUEUE_LONGEST_S),
        _WAIT_MEDIAN_S * np.exp(_WAIT_LOG_SD * rng.standard_normal(count)),
    )
    start = eligible + np.floor(wait)
    run = kind.run_median_s * np.exp(_RUN_LOG_SD * rng.standard_normal(count))
    return pd.DataFrame(
        {
            "JobName": kind.name,
            "team": kind.team,
            "gres": kind.gres,
            "gpus": rng.choice(kind.gpus, count),
            "comment": kind.comment,
            "Submit": submit,
            "Eligible": eligible,
            "Start": start,
            "End": start + np.maximum(60, np.floor(run)),
            "State": rng.choice(_STATES, count, p=_STATE_SHARES),
        }
    )


def exports(calendar: Calendar, found: pd.DataFrame) -> dict[str, str]:
    """`gpu_jobs/` files by name: an export made halfway, and one made at the end of everything."""
    half = calendar.days // 2
    early = found[found["Submit"] < half * _DAY_S].copy()
    for name in ("Eligible", "Start", "End"):
        early[name] = early[name].where(early[name] < half * _DAY_S)
    early.loc[early["End"].isna(), "State"] = "RUNNING"
    early.loc[early["Start"].isna(), "State"] = "PENDING"
    files = {f"sacct-{calendar.day(calendar.days)}.txt": _sacct(calendar, found)}
    if len(early):
        files[f"sacct-{calendar.day(half)}.txt"] = _sacct(calendar, early)
    return files


def _sacct(calendar: Calendar, found: pd.DataFrame) -> str:
    """Jobs and their steps; a step has neither partition nor request."""
    tres = "billing=" + found["gpus"].astype(str) + ",cpu=" + (found["gpus"] * 12).astype(str)
    tres += ",gres/gpu:" + found["gres"] + "=" + found["gpus"].astype(str)
    tres += ",gres/gpu=" + found["gpus"].astype(str) + ",mem=" + (found["gpus"] * 96).astype(str)
    has_started = found["Start"].notna()
    printed = pd.DataFrame(
        {
            "JobID": found["JobID"],
            "JobName": found["JobName"],
            "Account": found["team"],
            "Partition": found["gres"],
        }
    )
    origin = pd.Timestamp(calendar.first_day)
    for name in TIMES:
        at = origin + pd.to_timedelta(found[name], unit="s")
        printed[name] = at.dt.strftime("%Y-%m-%dT%H:%M:%S").fillna("Unknown")
    printed["State"] = found["State"]
    printed["AllocTRES"] = (tres + "G,node=1").where(has_started, "")
    printed["ReqTRES"] = tres + "G,node=1"
    printed["Comment"] = found["comment"]
    steps = []
    for step in ("batch", "extern"):
        started = printed[has_started].assign(JobName=step, Partition="", ReqTRES="", Comment="")
        started["JobID"] += f".{step}"
        started["Submit"] = started["Eligible"] = started["Start"]
        steps.append(started)
    together = pd.concat([printed, *steps]).sort_index(kind="stable")
    return together.to_csv(sep="|", index=False, lineterminator="\n")

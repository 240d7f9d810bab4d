"""The scheduler's jobs: what was asked for, when it started, and how it ended.

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
DAY_S = 86_400
TIMES = ("Submit", "Eligible", "Start", "End")
NODE_GPUS = 8


@dataclass(frozen=True)
class JobKind:
    """Jobs that come every day.

    Args:
        name: JobName.
        account: The account that is charged; the team, unless the comment names another.
        team: Whose job it is.
        gres: GPU type as the scheduler names it.
        per_day: Mean submissions.
        gpus: Sizes to choose from.
        run_median_s: Median run time.
        comment: Identity of the model, `key=value;...`.
        array_share: Share of a day's jobs that are tasks of one array.
        is_exclusive: Whether a job is given the whole node, whatever it asked for.
    """

    name: str
    account: str
    team: str
    gres: str
    per_day: float
    gpus: tuple[int, ...]
    run_median_s: int
    comment: str
    array_share: float = 0.0
    is_exclusive: bool = False


KINDS = (
    JobKind("ranker-sweep", "search", "search", "a100", 9, (1, 1, 2, 4), 2_700,
            "model_name=search-ranker;model_version=v2;lifecycle_stage=training",
            array_share=0.4),
    JobKind("rec-backtest", "ml-batch", "growth", "a100", 6, (1, 2, 4, 8), 4_200,
            "team=growth;model_name=recommender;model_version=v2;lifecycle_stage=training"),
    JobKind("chat-eval", "assistant", "assistant", "h100", 5, (1, 1, 2), 1_500, "",
            is_exclusive=True),
)  # fmt: skip
_WAIT_MEDIAN_S, _WAIT_LOG_SD = 40, 1.1
_RUN_LOG_SD = 0.9
CANCELLED = "CANCELLED by 1001"
_STATES, _STATE_SHARES = ("COMPLETED", "FAILED", CANCELLED, "TIMEOUT"), (0.90, 0.05, 0.03, 0.02)
# Of the cancelled ones, those whose owner did not wait for the start.
_GIVEN_UP_SHARE = 0.5


def jobs(calendar: Calendar, seed: int) -> pd.DataFrame:
    """Every job that the window submits, by submission, with all that will become of it.

    Returns:
        JobID, array (the number of its array, -1 for none), task, JobName, Account, team, gres,
        gpus, allocated (GPUs it is given), comment, State, and Submit, Eligible, Start, End in
        seconds since the window's first midnight; infinite where a time never comes.
    """
    drawn = [_drawn(kind, calendar, seed) for kind in KINDS]
    found = pd.concat([_planned(calendar), *drawn])
    found = found.sort_values(["Submit", "order"], kind="stable").reset_index(drop=True)
    number = 1_000 + found.index.to_series()
    is_task = found["batch"] >= 0
    key = [found["JobName"], found["batch"]]
    found["array"] = np.where(is_task, number.groupby(key).transform("min"), -1)
    found["task"] = number.groupby(key).cumcount()
    found["JobID"] = np.where(
        is_task, found["array"].astype(str) + "_" + found["task"].astype(str), number.astype(str)
    )
    return found.drop(columns=["batch", "order"])


def as_of(found: pd.DataFrame, now_s: float) -> pd.DataFrame:
    """The jobs as the scheduler knows them at a moment.

    Times that have not come are NaN. Tasks of an array that have not started are one row whose id
    lists them, as the scheduler prints it (`1017_[3,5]`).

    Args:
        found: What `jobs` returns.
        now_s: Seconds since the window's first midnight.
    """
    known = found[found["Submit"] < now_s].copy()
    for name in TIMES[1:]:
        known[name] = known[name].where(known[name] < now_s)
    known.loc[known["End"].isna(), "State"] = "RUNNING"
    known.loc[known["Start"].isna() & known["End"].isna(), "State"] = "PENDING"
    known["allocated"] = known["allocated"].where(known["Start"].notna(), 0)
    waits = (known["State"] == "PENDING") & (known["array"] >= 0)
    together = known[waits].groupby("array")
    listed = together["task"].transform(lambda tasks: ",".join(tasks.astype(str)))
    known.loc[waits, "JobID"] = known["array"].astype(str) + "_[" + listed + "]"
    return known[~(waits & known["JobID"].duplicated())].reset_index(drop=True)


def _planned(calendar: Calendar) -> pd.DataFrame:
    """The trainings, and the notebook that holds a training's GPUs when it is over."""
    lab = "model_name=search-ranker;model_version=v2;lifecycle_stage=training"
    tune = "model_name=chat-assistant;model_version=v2;lifecycle_stage=fine_tuning"
    ranker_end = float(calendar.training_stop * DAY_S)
    rows = [
        ("ranker-train", "search", "a100", lab, float(calendar.training_start * DAY_S), ranker_end),
        ("chat-finetune", "assistant", "h100", tune,
         float(calendar.tuning_start * DAY_S), float(calendar.chat_v2_start * DAY_S)),
    ]  # fmt: skip
    if not calendar.is_clean:
        rows.append(("notebook", "search", "a100", lab, ranker_end, np.inf))
    names = ["JobName", "team", "gres", "comment", "Submit", "End"]
    frame = pd.DataFrame(rows, columns=pd.Index(names))
    frame = frame[frame["Submit"] < frame["End"]]
    return frame.assign(
        Account=frame["team"],
        Eligible=frame["Submit"],
        Start=frame["Submit"],
        State="COMPLETED",
        gpus=NODE_GPUS,
        allocated=NODE_GPUS,
        batch=-1,
        order=-1.0,
    )


def _drawn(kind: JobKind, calendar: Calendar, seed: int) -> pd.DataFrame:
    rng = stream_seed(seed, f"jobs:{kind.name}")
    weekday = (calendar.first_day.weekday() + np.arange(calendar.days)) % 7
    per_day = rng.poisson(kind.per_day * np.where(weekday < 5, 1.25, 0.375))
    count = int(per_day.sum())
    day = np.repeat(np.arange(calendar.days), per_day)
    # office hours, and some at night
    order = day * DAY_S + np.floor(np.clip(rng.normal(13, 4, count), 0, 23.99) * 3600)
    batch = np.where(rng.random(count) < kind.array_share, day, -1)
    frame = pd.DataFrame({"batch": batch, "order": order, "gpus": rng.choice(kind.gpus, count)})
    # the tasks of an array come at once, and ask for the same
    first = frame.groupby("batch")[["order", "gpus"]].transform("first")
    is_task = frame["batch"] >= 0
    submit = first["order"].where(is_task, frame["order"])
    gpus = first["gpus"].where(is_task, frame["gpus"])
    eligible = submit + np.where(is_task, 0, rng.choice([0, 0, 0, 60], count))
    is_queue = (kind.gres == "a100") & (day >= calendar.training_stop) & (not calendar.is_clean)
    queued = QUEUE_MEDIAN_S * np.exp(QUEUE_LOG_SD * rng.standard_normal(count))
    usual = _WAIT_MEDIAN_S * np.exp(_WAIT_LOG_SD * rng.standard_normal(count))
    wait = np.floor(np.where(is_queue, np.minimum(queued, QUEUE_LONGEST_S), usual))
    run = kind.run_median_s * np.exp(_RUN_LOG_SD * rng.standard_normal(count))
    state = rng.choice(_STATES, count, p=_STATE_SHARES)
    is_given_up = (state == CANCELLED) & (rng.random(count) < _GIVEN_UP_SHARE)
    start = eligible + wait
    return frame.assign(
        JobName=kind.name,
        Account=kind.account,
        team=kind.team,
        gres=kind.gres,
        gpus=gpus,
        allocated=NODE_GPUS if kind.is_exclusive else gpus,
        comment=kind.comment,
        Submit=submit,
        Eligible=eligible,
        Start=np.where(is_given_up, np.inf, start),
        End=np.where(is_given_up, eligible + np.ceil((wait + 1) / 2), start)
        + np.where(is_given_up, 0, np.maximum(60, np.floor(run))),
        State=state,
    )

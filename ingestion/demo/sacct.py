"""`gpu_jobs/`: the jobs as `sacct --parsable2` prints them, in overlapping exports."""

import pandas as pd

from ingestion.demo.calendar import Calendar
from ingestion.demo.jobs import DAY_S, TIMES, as_of


def exports(calendar: Calendar, found: pd.DataFrame) -> dict[str, str]:
    """Files by name: an export made halfway, and one made at the end of everything.

    Args:
        calendar: The window.
        found: What `jobs.jobs` returns.
    """
    files = {}
    for day in (calendar.days // 2, calendar.days):
        known = as_of(found, day * DAY_S)
        if len(known):
            files[f"sacct-{calendar.day(day)}.txt"] = _printed(calendar, known)
    return files


def _printed(calendar: Calendar, known: pd.DataFrame) -> str:
    """Jobs and their steps; a step has neither partition nor request."""
    has_started = known["Start"].notna()
    printed = pd.DataFrame(
        {
            "JobID": known["JobID"],
            "JobName": known["JobName"],
            "Account": known["Account"],
            "Partition": known["gres"],
        }
    )
    origin = pd.Timestamp(calendar.first_day)
    for name in TIMES:
        at = origin + pd.to_timedelta(known[name], unit="s")
        printed[name] = at.dt.strftime("%Y-%m-%dT%H:%M:%S").fillna("Unknown")
    # A start that never comes reads otherwise than one that has not come yet.
    printed["Start"] = printed["Start"].mask(~has_started & known["End"].notna(), "None")
    printed["State"] = known["State"]
    printed["AllocTRES"] = _tres(known, "allocated").where(has_started, "")
    printed["ReqTRES"] = _tres(known, "gpus")
    printed["Comment"] = known["comment"]
    steps = []
    for step in ("batch", "extern"):
        started = printed[has_started].assign(JobName=step, Partition="", ReqTRES="", Comment="")
        started["JobID"] += f".{step}"
        started["Submit"] = started["Eligible"] = started["Start"]
        steps.append(started)
    together = pd.concat([printed, *steps]).sort_index(kind="stable")
    return together.to_csv(sep="|", index=False, lineterminator="\n")


def _tres(known: pd.DataFrame, column: str) -> pd.Series:
    """`billing=4,cpu=48,gres/gpu:a100=4,gres/gpu=4,mem=384G,node=1`."""
    count = known[column].astype(int).astype(str)
    processors, memory = ((known[column].astype(int) * part).astype(str) for part in (12, 96))
    return (
        "billing=" + count + ",cpu=" + processors + ",gres/gpu:" + known["gres"] + "=" + count
        + ",gres/gpu=" + count + ",mem=" + memory + "G,node=1"
    )  # fmt: skip

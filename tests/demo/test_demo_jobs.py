"""The scheduler's exports, read as text, and what truth.json says of them."""

import re
from collections import defaultdict
from datetime import datetime, timedelta

import numpy as np
import pytest

START, END = datetime(2026, 6, 23), datetime(2026, 7, 1)
KINDS = {"NVIDIA-A100-SXM4-80GB": "a100", "NVIDIA-H100-80GB-HBM3": "h100"}
TIMES = ("Submit", "Eligible", "Start", "End")


def export(demo, name):
    lines = (demo.folder / "gpu_jobs" / name).read_text().splitlines()
    header = lines[0].split("|")
    return [dict(zip(header, line.split("|"), strict=True)) for line in lines[1:]]


def moment(text):
    return None if text in ("Unknown", "None") else datetime.fromisoformat(text)


def team(row):
    comment = dict(part.split("=") for part in row["Comment"].split(";") if part)
    return comment.get("team", row["Account"])


def gpus(tres):
    kind, count = tres.split("gres/gpu:")[1].split(",")[0].split("=")
    return kind, int(count)


@pytest.fixture(scope="module")
def jobs(demo):
    """Jobs of the newest export, without steps."""
    return [row for row in export(demo, "sacct-2026-07-01.txt") if "." not in row["JobID"]]


@pytest.fixture(scope="module")
def exported_at(jobs):
    """The newest time that the export knows."""
    return max(at for row in jobs for name in TIMES if (at := moment(row[name])))


def test_two_exports_overlap_and_the_later_one_knows_more(demo, jobs):
    early = {row["JobID"]: row for row in export(demo, "sacct-2026-06-27.txt")}
    late = {row["JobID"]: row for row in export(demo, "sacct-2026-07-01.txt")}
    # tasks that waited together have ids of their own by then
    assert {job for job in early.keys() - late.keys() if "[" not in job} == set()
    assert all(row["Submit"] < "2026-06-27T" for row in early.values())
    both = early.keys() & late.keys()
    grown = [key for key in both if early[key]["End"] == "Unknown" != late[key]["End"]]
    assert grown and all(early[key]["State"] in ("RUNNING", "PENDING") for key in grown)


def test_every_started_job_has_its_steps(demo, jobs):
    rows = export(demo, "sacct-2026-07-01.txt")
    steps = {row["JobID"] for row in rows if "." in row["JobID"]}
    started = {row["JobID"] for row in jobs if moment(row["Start"])}
    assert steps == {f"{job}.{step}" for job in started for step in ("batch", "extern")}


def test_times_are_in_order_and_unknown_where_they_have_not_come(jobs):
    for row in jobs:
        known = [at for name in TIMES if (at := moment(row[name]))]
        assert known == sorted(known)
        assert all(at < END for at in known)
        has_started, has_ended = bool(moment(row["Start"])), bool(moment(row["End"]))
        assert (row["State"] == "RUNNING") == (has_started and not has_ended)
        assert (row["State"] == "PENDING") == (not has_started and not has_ended)
        assert bool(row["AllocTRES"]) == has_started
        assert (row["Start"] == "None") == (has_ended and not has_started)
    assert {row["State"] for row in jobs} >= {"COMPLETED", "FAILED", "RUNNING", "PENDING"}


def test_who_gives_up_waiting_is_cancelled_without_a_start(jobs):
    given_up = [row for row in jobs if row["Start"] == "None"]
    assert given_up
    for row in given_up:
        assert row["State"] == "CANCELLED by 1001"
        assert moment(row["End"]) > moment(row["Eligible"])


def test_tasks_of_an_array_come_at_once_and_wait_in_one_row(jobs):
    arrays = defaultdict(list)
    for row in jobs:
        if "_" in row["JobID"]:
            arrays[row["JobID"].split("_")[0]].append(row)
    assert arrays
    for number, rows in arrays.items():
        assert len({(row["Submit"], row["ReqTRES"]) for row in rows}) == 1
        tasks = [row["JobID"].split("_")[1] for row in rows]
        listed = [task for text in tasks for task in re.findall(r"\d+", text)]
        assert sorted(map(int, listed)) == list(range(len(listed))), number
        assert sum("[" in text for text in tasks) <= 1
    waiting = [row for rows in arrays.values() for row in rows if row["State"] == "PENDING"]
    assert waiting and all("[" in row["JobID"] for row in waiting)


def test_a_team_is_named_by_the_comment_where_the_account_is_another(jobs):
    assert {(row["Account"], team(row)) for row in jobs} == {
        ("search", "search"), ("ml-batch", "growth"), ("assistant", "assistant"),
    }  # fmt: skip


def test_truth_counts_jobs_and_hours_as_the_export_has_them(demo, jobs, exported_at):
    counts, waits = defaultdict(int), defaultdict(list)
    asked, given = defaultdict(float), defaultdict(float)
    for row in jobs:
        kind, requested = gpus(row["ReqTRES"])
        key = (row["Submit"][:10], team(row), kind)
        counts[key] += 1
        start = moment(row["Start"])
        if start:
            hours = ((moment(row["End"]) or exported_at) - start).total_seconds() / 3600
            asked[key] += hours * requested
            given[key] += hours * gpus(row["AllocTRES"])[1]
            waits[key].append((start - moment(row["Eligible"])).total_seconds())
    daily = demo.truth["jobs"]["daily"]
    assert len(daily) == len(counts)
    for line in daily:
        key = (line["date_day"], line["team"], KINDS[line["accelerator"]])
        assert line["jobs"] == counts[key]
        assert line["requested_gpu_hours"] == pytest.approx(asked[key], abs=1e-5)
        assert line["allocated_gpu_hours"] == pytest.approx(given[key], abs=1e-5)
        for name, level in (("wait_p50_s", 0.5), ("wait_p95_s", 0.95)):
            expected = linear(sorted(waits[key]), level) if waits[key] else None
            assert line[name] == pytest.approx(expected)
    # whole nodes for evaluations that ask for a GPU or two
    assert sum(given.values()) > sum(asked.values())


def linear(values, level):
    """The percentile as SQL's percentile_cont has it."""
    at = (len(values) - 1) * level
    low = int(at)
    high = min(low + 1, len(values) - 1)
    return values[low] + (at - low) * (values[high] - values[low])


def test_idle_hours_beside_the_queue_are_those_of_the_telemetry(demo, jobs, exported_at):
    """Minute by minute, as a second reckoning."""
    samples = demo.samples
    busy = samples["DCGM_FI_PROF_GR_ENGINE_ACTIVE"].fillna(samples["DCGM_FI_DEV_GPU_UTIL"] / 100)
    held = samples["model_name"].notna() & (samples["model_name"] != "")
    hour = ((samples["timestamp"] - START) // timedelta(hours=1)).rename("hour")
    per_gpu = samples.assign(busy=busy, held=held).groupby(["accelerator", "gpu_uuid", hour])
    mean = per_gpu.agg(busy=("busy", "mean"), held=("held", "first"))
    idle = mean[~mean["held"] | (mean["busy"] < 0.15)].groupby(["accelerator", "hour"]).size()
    minutes = 8 * 24 * 60
    for line in demo.truth["jobs"]["totals"]:
        waits = np.zeros(minutes * 60, dtype=bool)
        for row in jobs:
            mine = (team(row), gpus(row["ReqTRES"])[0])
            if mine != (line["team"], KINDS[line["accelerator"]]) or not moment(row["Eligible"]):
                continue
            until = moment(row["Start"]) or moment(row["End"]) or exported_at
            span = [int((at - START).total_seconds()) for at in (moment(row["Eligible"]), until)]
            waits[span[0] : span[1]] = True
        share = waits.reshape(-1, 3600).mean(axis=1)
        expected = sum(
            count * share[hour] for hour, count in idle.get(line["accelerator"], {}).items()
        )
        assert line["idle_while_queued_gpu_hours"] == pytest.approx(expected, abs=1e-4)
        by_day = [
            row["idle_while_queued_gpu_hours"]
            for row in demo.truth["jobs"]["idle_daily"]
            if (row["team"], row["accelerator"]) == (line["team"], line["accelerator"])
        ]
        assert sum(by_day) == pytest.approx(expected, abs=1e-4)
    assert max(t["idle_while_queued_gpu_hours"] for t in demo.truth["jobs"]["totals"]) > 100

"""The scheduler's exports, read as text, and what truth.json says of them."""

from collections import defaultdict
from datetime import datetime
from statistics import median

import pytest

END = datetime(2026, 7, 1)


def export(demo, name):
    lines = (demo.folder / "gpu_jobs" / name).read_text().splitlines()
    header = lines[0].split("|")
    return [dict(zip(header, line.split("|"), strict=True)) for line in lines[1:]]


def moment(text):
    return None if text == "Unknown" else datetime.fromisoformat(text)


@pytest.fixture(scope="module")
def jobs(demo):
    """Jobs of the newest export, without steps."""
    return [row for row in export(demo, "sacct-2026-07-01.txt") if "." not in row["JobID"]]


def test_two_exports_overlap_and_the_later_one_knows_more(demo, jobs):
    early = {row["JobID"]: row for row in export(demo, "sacct-2026-06-27.txt")}
    late = {row["JobID"]: row for row in export(demo, "sacct-2026-07-01.txt")}
    assert early.keys() < late.keys()
    assert all(row["Submit"] < "2026-06-27T" for row in early.values())
    grown = [key for key in early if early[key]["End"] == "Unknown" != late[key]["End"]]
    assert grown and all(early[key]["State"] in ("RUNNING", "PENDING") for key in grown)


def test_every_started_job_has_its_steps(demo, jobs):
    rows = export(demo, "sacct-2026-07-01.txt")
    steps = {row["JobID"] for row in rows if "." in row["JobID"]}
    started = {row["JobID"] for row in jobs if row["Start"] != "Unknown"}
    assert steps == {f"{job}.{step}" for job in started for step in ("batch", "extern")}


def test_times_are_in_order_and_unknown_where_they_have_not_come(jobs):
    assert any("_" in row["JobID"] for row in jobs)
    for row in jobs:
        times = [moment(row[name]) for name in ("Submit", "Eligible", "Start", "End")]
        known = [at for at in times if at]
        assert known == sorted(known) and times[: len(known)] == known
        assert all(at < END for at in known)
        state = {2: "PENDING", 1: "PENDING", 3: "RUNNING"}.get(len(known))
        assert state in (None, row["State"])
    assert {row["State"] for row in jobs} >= {"COMPLETED", "FAILED", "RUNNING"}


def test_truth_counts_jobs_and_hours_as_the_export_has_them(demo, jobs):
    newest = max(
        moment(row[n]) for row in jobs for n in ("Submit", "Start", "End") if moment(row[n])
    )
    counts, hours, waits = defaultdict(int), defaultdict(float), defaultdict(list)
    for row in jobs:
        gres = row["ReqTRES"].split("gres/gpu:")[1].split(",")[0]
        kind, gpus = gres.split("=")
        key = (row["Submit"][:10], row["Account"], kind)
        counts[key] += 1
        start = moment(row["Start"])
        if start:
            run = (moment(row["End"]) or newest) - start
            hours[key] += run.total_seconds() * int(gpus) / 3600
            waits[key].append((start - moment(row["Eligible"])).total_seconds())
    kinds = {"NVIDIA-A100-SXM4-80GB": "a100", "NVIDIA-H100-80GB-HBM3": "h100"}
    daily = demo.truth["jobs"]["daily"]
    assert len(daily) == len(counts)
    for line in daily:
        key = (line["date_day"], line["team"], kinds[line["accelerator"]])
        assert line["jobs"] == counts[key]
        assert line["allocated_gpu_hours"] == pytest.approx(hours[key], abs=1e-5)
        assert line["wait_p50_s"] == (median(waits[key]) if waits[key] else None)

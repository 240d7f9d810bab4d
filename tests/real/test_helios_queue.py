"""A real GPU cluster with queues: what its counts say is what the marts say.

Helios "Earth", S-Lab HeliosArtifact (Hu et al., SC 21; CC BY 4.0 / MIT), read in place: every five
minutes and per virtual cluster the running, pending and idle GPUs of 2020-05. The counts hold no
jobs, so each GPU that waits or runs is taken as a job of one GPU, first come first served. Waits
and hours then have a second source that knows nothing of jobs: the areas under the counts.
"""

from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from dbt_runs import DbtHome

from ingestion import SYSTEMS
from ingestion.demo.shapes import QUEUE_LOG_SD, QUEUE_MEDIAN_S
from ingestion.load import load_system

HELIOS = (
    Path(__file__).parents[2] / "../shared/data/helios-earth-vc/helios_earth_vc_5min_2020-05.csv.gz"
)
pytestmark = pytest.mark.skipif(
    not HELIOS.is_file(), reason=f"real data not here: {HELIOS} does not exist"
)

CLUSTERS = ("vcTJs", "vcpDC", "vcJLV", "vcSoL")
FIRST, LAST = "2020-05-11", "2020-05-17"
STEP = pd.Timedelta(minutes=5)


def read_counts(whole: bool = False) -> pd.DataFrame:
    """Whole GPUs per cluster and five minutes: total, running, pending, idle."""
    frame = pd.read_csv(HELIOS, parse_dates=["time"])
    if not whole:
        frame = frame[frame["vc"].isin(CLUSTERS) & frame["time"].between(FIRST, f"{LAST} 23:59")]
    counts = pd.DataFrame({"vc": frame["vc"].str.lower(), "time": frame["time"]})
    for name in ("total", "running", "pending"):
        # means over five minutes
        counts[name] = frame[f"{name}_gpu_num"].round().astype(int)
    counts["idle"] = counts["total"] - counts["running"]
    return counts.sort_values(["vc", "time"], ignore_index=True)


def jobs_of(counts: pd.DataFrame) -> pd.DataFrame:
    """One-GPU jobs of one cluster that leave exactly these counts, first come first served."""
    times = counts["time"].to_numpy()
    pending = np.diff(counts["pending"].to_numpy(), prepend=0)
    running = np.diff(counts["running"].to_numpy(), prepend=0)
    left_queue = np.maximum(-pending, 0)
    at_once = np.maximum(running - left_queue, 0)
    ended = np.maximum(left_queue + at_once - running, 0)
    # who joins the queue starts when its turn comes, who does not starts as it is submitted
    queued = np.repeat(times, np.maximum(pending, 0))
    turns = np.repeat(times, left_queue)
    waited = pd.DataFrame({"Submit": queued, "Start": pd.Series(turns).reindex(range(len(queued)))})
    direct = pd.DataFrame({"Submit": np.repeat(times, at_once), "Start": np.repeat(times, at_once)})
    jobs = pd.concat([waited, direct]).sort_values(["Start", "Submit"], ignore_index=True)
    jobs["End"] = pd.Series(np.repeat(times, ended)).reindex(range(len(jobs)))
    return jobs


def write_jobs(counts: pd.DataFrame, folder: Path) -> pd.DataFrame:
    """The jobs as sacct prints them."""
    jobs = pd.concat(
        jobs_of(of_cluster).assign(Account=vc) for vc, of_cluster in counts.groupby("vc")
    ).reset_index(drop=True)
    printed = pd.DataFrame({"JobID": jobs.index + 1, "Account": jobs["Account"]})
    for name in ("Submit", "Start", "End"):
        printed[name] = jobs[name].dt.strftime("%Y-%m-%dT%H:%M:%S").fillna("Unknown")
    printed["Eligible"] = printed["Submit"]
    printed["State"] = np.select(
        [jobs["Start"].isna(), jobs["End"].isna()], ["PENDING", "RUNNING"], "COMPLETED"
    )
    printed["ReqTRES"] = "cpu=8,gres/gpu=1,mem=64G"
    printed["AllocTRES"] = printed["ReqTRES"].where(jobs["Start"].notna(), "")
    # a virtual cluster's GPUs are its own
    printed["Comment"] = "accelerator=V100-" + jobs["Account"]
    folder.mkdir()
    printed.to_csv(folder / "sacct.txt", sep="|", index=False)
    return jobs


def write_telemetry(counts: pd.DataFrame, folder: Path) -> None:
    """A sample per GPU and five minutes; the first GPUs of a cluster are the running ones."""
    samples = counts.loc[counts.index.repeat(counts["total"])].reset_index(drop=True)
    samples["slot"] = samples.groupby(["vc", "time"]).cumcount()
    running = samples["slot"] < samples["running"]
    folder.mkdir()
    pd.DataFrame(
        {
            "timestamp": samples["time"],
            "gpu_uuid": samples["vc"] + "-" + samples["slot"].astype(str),
            "accelerator": "V100-" + samples["vc"],
            "model_name": ("jobs-" + samples["vc"]).where(running),
            "team": samples["vc"].where(running),
            "DCGM_FI_DEV_GPU_UTIL": np.where(running, 100.0, 0.0),
        }
    ).to_parquet(folder / "samples.parquet")


@dataclass(frozen=True)
class Cluster:
    counts: pd.DataFrame
    jobs: pd.DataFrame
    marts: duckdb.DuckDBPyConnection


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    inputs, home = tmp_path_factory.mktemp("helios"), tmp_path_factory.mktemp("home")
    counts = read_counts()
    jobs = write_jobs(counts, inputs / "gpu_jobs")
    write_telemetry(counts, inputs / "gpu_metrics")
    for system in SYSTEMS:
        load_system(system, inputs, home)
    dbt = DbtHome(home)
    marts = ("+fct_gpu_queue_daily", "+fct_gpu_demand_hourly")
    kinds = ("--resource-types", "seed", "model")
    results = dbt.run("build", "--select", *marts, *kinds)
    assert not [f"{r.name}: {r.message}" for r in results if r.status != "success"]
    with duckdb.connect(dbt.build, read_only=True) as marts:
        yield Cluster(counts, jobs, marts)


def test_the_jobs_leave_the_counts_they_were_made_from(cluster):
    """The reconstruction itself, before anything rests on it."""
    counts, jobs = cluster.counts, cluster.jobs
    for vc, of_cluster in counts.groupby("vc"):
        mine = jobs[jobs["Account"] == vc]
        for at in of_cluster.iloc[[0, 500, 1000, 1500, -1]].itertuples():
            waits = (mine["Submit"] <= at.time) & ~(mine["Start"] <= at.time)
            runs = (mine["Start"] <= at.time) & ~(mine["End"] <= at.time)
            assert (waits.sum(), runs.sum()) == (at.pending, at.running)


def test_jobs_and_hours_per_day_and_cluster(cluster):
    found = cluster.marts.sql(
        "select team, sum(jobs), sum(allocated_gpu_hours), sum(requested_gpu_hours) "
        "from marts.fct_gpu_queue_daily group by team order by team"
    ).fetchall()
    assert [row[0] for row in found] == sorted(vc.lower() for vc in CLUSTERS)
    for team, jobs, allocated, requested in found:
        of_cluster = cluster.counts[cluster.counts["vc"] == team]
        assert jobs == (cluster.jobs["Account"] == team).sum()
        # up to the export's newest time, the last of the counts' steps at which anything changed
        newest = cluster.jobs[["Submit", "Start", "End"]].max().max()
        area = of_cluster.loc[of_cluster["time"] < newest, "running"].sum() / 12
        assert allocated == requested == pytest.approx(area, rel=1e-9)


def test_waits_are_the_area_under_the_pending_counts(cluster):
    """Little's law: seconds waited by all = pending GPUs x time, less those who still wait."""
    wait_s = (cluster.jobs["Start"] - cluster.jobs["Submit"]).dt.total_seconds()
    for vc, of_cluster in cluster.counts.groupby("vc"):
        mine = cluster.jobs["Account"] == vc
        still = cluster.jobs[mine & cluster.jobs["Start"].isna()]
        end = of_cluster["time"].max() + STEP
        area = of_cluster["pending"].sum() * STEP.total_seconds()
        assert wait_s[mine].sum() == area - (end - still["Submit"]).dt.total_seconds().sum()
    found = cluster.marts.sql(
        "select date_day, team, wait_p50_s, wait_p95_s from marts.fct_gpu_queue_daily "
        "where wait_p50_s is not null"
    ).fetchall()
    by_day = wait_s.groupby([cluster.jobs["Submit"].dt.date, cluster.jobs["Account"]])
    expected = by_day.quantile([0.5, 0.95]).unstack().dropna()
    assert {(day, team): (p50, p95) for day, team, p50, p95 in found} == {
        key: (pytest.approx(row[0.5]), pytest.approx(row[0.95])) for key, row in expected.iterrows()
    }
    assert expected[0.95].max() > 3600, "this week had queues"


def test_idle_gpus_beside_the_queue(cluster):
    """Of each hour's idle GPU time, the share of the hour in which the cluster's queue stood."""
    counts = cluster.counts.assign(hour=cluster.counts["time"].dt.floor("h"))
    newest = cluster.jobs[["Submit", "Start", "End"]].max().max()
    counts["waiting"] = (counts["pending"] > 0) & (counts["time"] < newest)
    hours = counts.groupby(["vc", "hour"]).agg(idle=("idle", "mean"), share=("waiting", "mean"))
    expected = (hours["idle"] * hours["share"]).groupby("vc").sum()
    found = dict(
        cluster.marts.sql(
            "select team, sum(idle_while_queued_gpu_hours) from marts.fct_gpu_queue_daily "
            "group by team"
        ).fetchall()
    )
    assert found == {vc: pytest.approx(hours) for vc, hours in expected.items()}
    # by the five minutes instead of the hour: the mart's hourly grain is near it
    exact = (counts["idle"] * counts["waiting"]).groupby(counts["vc"]).sum() / 12
    assert sum(found.values()) == pytest.approx(exact.sum(), rel=0.25)
    assert sum(found.values()) > 100


def test_allocated_gpus_are_demand_facts_hour_by_hour(cluster):
    running = cluster.counts.groupby(["vc", cluster.counts["time"].dt.floor("h")])["running"].mean()
    found = cluster.marts.sql(
        "select unique_id, ds, gpus_allocated, requests, gpus_required "
        "from marts.fct_gpu_demand_hourly where unique_id not like 'accelerator:%'"
    ).fetchall()
    by_hour = {(name, ds): gpus for name, ds, gpus, *_ in found if gpus}
    assert by_hour == {
        (f"jobs-{vc}/unattributed/unattributed/V100-{vc}", hour): pytest.approx(gpus)
        for (vc, hour), gpus in running.items()
        if gpus
    }
    assert {rest for *_, requests, required in found for rest in (requests, required)} == {None}


def test_held_and_idle_time_tie_to_the_counts(cluster):
    found = dict(
        cluster.marts.sql(
            "select is_held, sum(held_us) / 3600000000 from intermediate.int_gpu__hourly group by 1"
        ).fetchall()
    )
    counts = cluster.counts
    assert found[True] == pytest.approx(counts["running"].sum() / 12)
    assert found[False] == pytest.approx(counts["idle"].sum() / 12)


def test_the_demo_company_queues_as_this_cluster_does():
    """What `shapes` carries of the whole month and every cluster."""
    counts = read_counts(whole=True)
    jobs = pd.concat(jobs_of(of_cluster) for _, of_cluster in counts.groupby("vc"))
    waits = (jobs["Start"] - jobs["Submit"]).dt.total_seconds()
    queued = waits[waits > 0]
    assert queued.median() == pytest.approx(QUEUE_MEDIAN_S, rel=0.01)
    assert np.log(queued).std() == pytest.approx(QUEUE_LOG_SD, abs=0.01)

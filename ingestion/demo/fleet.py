"""GPU hosts, and which workload holds which of their GPUs when."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from ingestion.demo.calendar import Calendar
from ingestion.demo.company import SURGE_HOURS
from ingestion.demo.prices import A10G, A100, CPU, H100, L40S
from ingestion.demo.registry import TWIN

AWS_ACCOUNT = "411122223333"
#: Every billing account of the demo company starts with `demo-`, by which reports know its figures.
AWS_PAYER = f"demo-{AWS_ACCOUNT}"
Load = Literal["demand", "steady", "burning", "office"]


@dataclass(frozen=True)
class Host:
    """A GPU host, billed by the hour for all its GPUs.

    Args:
        name: Host name.
        instance: Instance id, the end of its resource id.
        instance_type: As the bill names it.
        accelerator: As the telemetry spells it.
        gpus: Number of GPUs.
        start: First day offset.
        stop: Day offset after its last.
        hours: Hours of each day that it runs, from midnight on.
    """

    name: str
    instance: str
    instance_type: str
    accelerator: str
    gpus: int
    start: int
    stop: int
    hours: int = 24

    @property
    def resource_id(self) -> str:
        """What bill and telemetry both call it."""
        return f"arn:aws:ec2:us-east-1:{AWS_ACCOUNT}:instance/{self.instance}"


@dataclass(frozen=True)
class Holding:
    """GPUs of a host held by a workload for some days.

    Args:
        host: Host name.
        first_gpu: First GPU index.
        stop_gpu: GPU index after the last.
        start: First day offset.
        stop: Day offset after the last.
        workload: Model name, model version, endpoint and team.
        load: `demand` follows the calls of that workload, `steady` is busy at `level`, `burning`
            holds and barely works, `office` is held on weekdays from 08 to 18 UTC only.
        level: Mean utilization (0-1) where the load is not `demand`.
    """

    host: str
    first_gpu: int
    stop_gpu: int
    start: int
    stop: int
    workload: tuple[str, str, str, str]
    load: Load
    level: float = 0.0


CHAT_V1 = ("chat-assistant", "v1", "chat", "assistant")
CHAT_V2 = ("chat-assistant", "v2", "chat", "assistant")
TUNING = ("chat-assistant", "v2", "chat-finetune", "assistant")
RANKER_V1 = ("search-ranker", "v1", "rerank", "search")
RANKER_V2_LAB = ("search-ranker", "v2", "ranker-lab", "search")
RANKER_V2_STAGING = ("search-ranker", "v2", "rerank-staging", "search")
RECOMMENDER_V1 = ("recommender", "v1", "recommend", "growth")
RECOMMENDER_V2 = ("recommender", "v2", "recommend", "growth")
TRIAGE_INT4 = (*TWIN, "triage-shadow", "support")
TAGGER = ("query-tagger", "v1", "tag", "search")
SURGE_HOSTS = 40
#: What the names of the night's extra hosts begin with.
NIGHT_HOSTS = "gpu-h100-auto-"
_OFFICE_HOURS = (8, 18)


def _embedder(endpoint: str) -> tuple[str, str, str, str]:
    return ("embedder", "v1", endpoint, "search")


def hosts(calendar: Calendar) -> tuple[Host, ...]:
    """The accelerator hosts of the company; one with no day inside the window is left out."""
    days, clean = calendar.days, calendar.is_clean
    p5, p4 = "p5.48xlarge", "p4de.24xlarge"
    found = [
        Host("gpu-h100-01", "i-0d1a5c0b7e3f40011", p5, H100, 8, 0, days),
        # Planted: twice the GPUs for a version that does no more.
        Host("gpu-h100-02", "i-0d1a5c0b7e3f40012", p5, H100, 8,
             days if clean else calendar.chat_v2_start, days),
        Host("gpu-h100-03", "i-0d1a5c0b7e3f40014", "p5.4xlarge", H100, 1, 0, days),
        Host("gpu-h100-tune", "i-0d1a5c0b7e3f40013", p5, H100, 8,
             calendar.tuning_start, calendar.chat_v2_start),
        Host("gpu-a100-01", "i-0d1a5c0b7e3f40021", p4, A100, 8, 0, days),
        Host("gpu-a100-02", "i-0d1a5c0b7e3f40023", p4, A100, 8, 0, days),
        # Planted: likewise.
        Host("gpu-a100-03", "i-0d1a5c0b7e3f40024", p4, A100, 8,
             days if clean else calendar.recommender_v2_start, days),
        # Planted: rented for a training, and kept when it was over.
        Host("gpu-a100-lab", "i-0d1a5c0b7e3f40022", p4, A100, 8,
             calendar.training_start, calendar.training_stop if clean else days),
        # Planted: the twin of a version that is bought.
        Host("gpu-l40s-01", "i-0d1a5c0b7e3f40031", "g6e.12xlarge", L40S, 4,
             days if clean else 0, days),
        # Planted: billed on after its model was sunset.
        Host("gpu-a10g-01", "i-0d1a5c0b7e3f40041", "g5.xlarge", A10G, 1, 0,
             calendar.tagger_sunset if clean else days),
        Host("cpu-01", "i-0d1a5c0b7e3f40051", "c7i.24xlarge", CPU, 1, 0, days),
    ]  # fmt: skip
    surge = calendar.spike_day
    if surge is not None:
        found += [
            Host(f"{NIGHT_HOSTS}{number:02d}", f"i-0d1a5c0b7e3f4{5000 + number}", p5, H100, 8,
                 surge, surge + 1, SURGE_HOURS)
            for number in range(SURGE_HOSTS)
        ]  # fmt: skip
    return tuple(host for host in found if host.start < host.stop)


def holdings(calendar: Calendar) -> tuple[Holding, ...]:
    """Who holds what; GPU time that no holding covers is unallocated."""
    days, clean = calendar.days, calendar.is_clean
    switch, rec_switch = calendar.chat_v1_stop, calendar.recommender_v1_stop
    chat_v2, rec_v2 = calendar.chat_v2_start, calendar.recommender_v2_start
    # A new version takes two GPUs of the old one's host, or a host of its own.
    kept = 6 if clean else 8
    found = [
        Holding("gpu-h100-01", 0, 8, 0, chat_v2, CHAT_V1, "demand"),
        Holding("gpu-h100-01", 0, kept, chat_v2, switch, CHAT_V1, "demand"),
        Holding("gpu-h100-01", kept, 8, chat_v2, switch, CHAT_V2, "demand"),
        Holding("gpu-h100-01", 0, 8, switch, days, CHAT_V2, "demand"),
        Holding("gpu-h100-02", 0, 8, chat_v2, days, CHAT_V2, "demand"),
        Holding("gpu-h100-03", 0, 1, 0, days, _embedder("embed-h100"), "demand"),
        Holding("gpu-h100-tune", 0, 8, calendar.tuning_start, calendar.chat_v2_start, TUNING,
                "steady", 0.92),
        Holding("gpu-a100-01", 0, 1, 0, days, _embedder("embed-a100"), "demand"),
        Holding("gpu-a100-01", 1, 8 if clean else 5, 0, days, RANKER_V1, "demand"),
        Holding("gpu-a100-02", 0, 8, 0, rec_v2, RECOMMENDER_V1, "demand"),
        Holding("gpu-a100-02", 0, kept, rec_v2, rec_switch, RECOMMENDER_V1, "demand"),
        Holding("gpu-a100-02", kept, 8, rec_v2, rec_switch, RECOMMENDER_V2, "demand"),
        Holding("gpu-a100-02", 0, 8, rec_switch, days, RECOMMENDER_V2, "demand"),
        Holding("gpu-a100-03", 0, 8, rec_v2, days, RECOMMENDER_V2, "demand"),
        Holding("gpu-a100-lab", 0, 8, calendar.training_start, calendar.training_stop,
                RANKER_V2_LAB, "steady", 0.88),
        Holding("gpu-l40s-01", 0, 4, 0, days, TRIAGE_INT4, "demand"),
        Holding("gpu-a10g-01", 0, 1, 0, calendar.tagger_sunset, TAGGER, "demand"),
        Holding("cpu-01", 0, 1, 0, days, _embedder("embed-cpu"), "demand"),
    ]  # fmt: skip
    if not clean:
        found += [
            Holding("gpu-a100-01", 5, 6, 0, days, RANKER_V2_STAGING, "burning", 0.13),
            Holding("gpu-a100-01", 6, 7, 0, days, RANKER_V2_LAB, "office", 0.45),
            Holding("gpu-a100-lab", 0, 8, calendar.training_stop, days, RANKER_V2_LAB, "burning",
                    0.13),
            Holding("gpu-a10g-01", 0, 1, calendar.tagger_sunset, days, TAGGER, "burning", 0.02),
        ]  # fmt: skip
    surge = calendar.spike_day
    if surge is not None:
        found += [
            Holding(f"{NIGHT_HOSTS}{number:02d}", 0, 8, surge, surge + 1, CHAT_V2, "steady", 0.85)
            for number in range(SURGE_HOSTS)
        ]
    names = {host.name for host in hosts(calendar)}
    return tuple(
        holding
        for holding in found
        if holding.host in names
        and holding.start < holding.stop
        and holding.first_gpu < holding.stop_gpu
    )


def held_hours(holding: Holding | None, calendar: Calendar, day: int) -> np.ndarray:
    """Hours of a day in which a holding's GPUs are held, bool of shape (24,)."""
    hour = np.arange(24)
    if holding is None:
        return np.zeros(24, dtype=bool)
    if holding.load != "office":
        return np.ones(24, dtype=bool)
    is_weekday = calendar.day(day).weekday() < 5
    return is_weekday & (hour >= _OFFICE_HOURS[0]) & (hour < _OFFICE_HOURS[1])


def host_tags(host: Host, calendar: Calendar, day: int) -> dict[str, str] | None:
    """Billing tags of a host on a day; shared hosts carry none that name a model.

    Dedicated hosts are tagged in full; a lab whose training is over is tagged as a deployment that
    nobody uses.
    """
    environment, stage, initiative = "production", "deployment", "exploitation"
    if host.name == "gpu-h100-tune":
        workload = TUNING
        stage, environment = "fine_tuning", "development"
    elif host.name == "gpu-a100-lab":
        workload = RANKER_V2_LAB
        is_training = day < calendar.training_stop
        stage = "training" if is_training else "deployment"
        environment = "development" if is_training else "staging"
        initiative = "exploration"
    elif host.name == "gpu-l40s-01":
        workload = TRIAGE_INT4
        environment, initiative = "staging", "exploration"
    elif host.name == "gpu-a10g-01":
        workload = TAGGER
        stage = "deployment" if day < calendar.tagger_sunset else "sunset"
    elif host.name.startswith(NIGHT_HOSTS):
        workload = CHAT_V2
    elif host.name == "cpu-01":
        # A platform tag that says nothing about models: untagged for identity.
        return {"application": "inference-platform", "environment": "production"}
    else:
        return None
    model, version, endpoint, team = workload
    return {
        # As the people who tune it write it.
        "model_name": "Chat-Assistant" if workload == TUNING else model,
        "model_version": version,
        "endpoint": endpoint,
        "team": team,
        "environment": environment,
        "lifecycle_stage": stage,
        "cost_component": "gpu_compute",
        "initiative": initiative,
        "accelerator": host.accelerator,
    }

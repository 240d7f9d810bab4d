"""GPU hosts, and which workload holds which of their GPUs when."""

from dataclasses import dataclass
from typing import Literal

from ingestion.demo.calendar import Calendar
from ingestion.demo.prices import A100, H100, L4

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
    """

    name: str
    instance: str
    instance_type: str
    accelerator: str
    gpus: int
    start: int
    stop: int

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
EMBEDDER = ("embedder", "v1", "embed", "search")


def hosts(calendar: Calendar) -> tuple[Host, ...]:
    """The GPU hosts of the company; one with no day inside the window is left out."""
    days = calendar.days
    found = (
        Host("gpu-h100-01", "i-0d1a5c0b7e3f40011", "p5.48xlarge", H100, 8, 0, days),
        Host("gpu-h100-02", "i-0d1a5c0b7e3f40012", "p5.48xlarge", H100, 8,
             calendar.chat_v2_start, days),
        Host("gpu-h100-tune", "i-0d1a5c0b7e3f40013", "p5.48xlarge", H100, 8,
             calendar.tuning_start, calendar.chat_v2_start),
        Host("gpu-a100-01", "i-0d1a5c0b7e3f40021", "p4de.24xlarge", A100, 8, 0, days),
        Host("gpu-a100-lab", "i-0d1a5c0b7e3f40022", "p4de.24xlarge", A100, 8, 0, days),
        Host("gpu-l4-01", "i-0d1a5c0b7e3f40031", "g6.12xlarge", L4, 4, 0, days),
    )  # fmt: skip
    return tuple(host for host in found if host.start < host.stop)


def holdings(calendar: Calendar) -> tuple[Holding, ...]:
    """Who holds what; GPU time that no holding covers is unallocated."""
    days, switch = calendar.days, calendar.chat_v1_stop
    return (
        Holding("gpu-h100-01", 0, 8, 0, switch, CHAT_V1, "demand"),
        Holding("gpu-h100-01", 0, 6, switch, days, CHAT_V2, "demand"),
        Holding("gpu-h100-02", 0, 8, calendar.chat_v2_start, days, CHAT_V2, "demand"),
        Holding("gpu-h100-tune", 0, 8, calendar.tuning_start, calendar.chat_v2_start, TUNING,
                "steady", 0.92),
        Holding("gpu-a100-01", 0, 4, 0, days, RANKER_V1, "demand"),
        Holding("gpu-a100-01", 4, 6, 0, days, RANKER_V2_STAGING, "burning", 0.11),
        Holding("gpu-a100-01", 6, 7, 0, days, RANKER_V2_LAB, "office", 0.45),
        # The planted waste: eight GPUs kept after the training that they were rented for.
        Holding("gpu-a100-lab", 0, 8, 0, calendar.training_stop, RANKER_V2_LAB, "steady", 0.88),
        Holding("gpu-a100-lab", 0, 8, calendar.training_stop, days, RANKER_V2_LAB, "burning", 0.11),
        Holding("gpu-l4-01", 0, 3, 0, days, EMBEDDER, "demand"),
    )  # fmt: skip


def host_tags(host: Host, calendar: Calendar, day: int) -> dict[str, str] | None:
    """Billing tags of a host on a day; shared hosts carry none that name a model.

    The fine-tuning host and the lab are dedicated, so they are tagged in full; a lab whose
    training is over is tagged as a deployment that nobody uses.
    """
    if host.name == "gpu-h100-tune":
        model, version, endpoint, team = TUNING
        stage, environment, initiative = "fine_tuning", "development", "exploitation"
    elif host.name == "gpu-a100-lab":
        model, version, endpoint, team = RANKER_V2_LAB
        is_training = day < calendar.training_stop
        stage = "training" if is_training else "deployment"
        environment = "development" if is_training else "staging"
        initiative = "exploration"
    elif host.name == "gpu-l4-01":
        # A platform tag that says nothing about models: untagged for identity.
        return {"application": "inference-platform", "environment": "production"}
    else:
        return None
    return {
        "model_name": model,
        "model_version": version,
        "endpoint": endpoint,
        "team": team,
        "environment": environment,
        "lifecycle_stage": stage,
        "cost_component": "gpu_compute",
        "initiative": initiative,
        "accelerator": host.accelerator,
    }

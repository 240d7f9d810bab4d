"""`truth.json`, key `effects`: each planted effect, its money, where it shows and how exactly."""

import numpy as np

from ingestion.demo.company import SURGE_HOURS
from ingestion.demo.effects_money import (
    Effect,
    build_vs_buy,
    drift,
    portfolio_mix,
    shared_spend,
    untagged_endpoint,
)
from ingestion.demo.evaluations import ACCURACY
from ingestion.demo.fleet import NIGHT_HOSTS, SURGE_HOSTS, TAGGER
from ingestion.demo.jobs import DAY_S
from ingestion.demo.kpis import FEATURES
from ingestion.demo.money import total
from ingestion.demo.prices import A100, H100, on_demand
from ingestion.demo.written import Written

_SIDES = ("before", "after")
_LEAST_DAYS = 3
_CHANGE_KEYS = (
    "model_name", "from_version", "to_version", "cutover_date", "cost_usd_before",
    "cost_usd_after", "cost_per_request_ratio", "cost_per_mtok_ratio", "is_cost_spike",
)  # fmt: skip
_VERSIONS = {
    "version_cost_double_rate": ("recommender", False, "The same calls on twice the GPUs."),
    "version_cost_double_tokens": (
        "chat-assistant", False, "Twice the tokens for the same call, on twice the GPUs.",
    ),
    "version_cost_justified": (
        "listing-writer", True, "A model three times as dear that sells six times as much.",
    ),
    "version_cost_improved": ("support-copilot", True, "Cheaper calls that help more."),
}  # fmt: skip


def effects_truth(
    written: Written, changes: list[dict[str, object]]
) -> tuple[dict[str, Effect], list[str]]:
    """Every planted effect by its key, and the keys of those that the window is too short for.

    Args:
        written: The company; a clean one has neither.
        changes: What `version_truth` says of its version changes.
    """
    if written.calendar.is_clean:
        return {}, []
    found: dict[str, Effect | None] = {
        "overnight_spike": _overnight_spike(written),
        **{key: _version(changes, *about) for key, about in _VERSIONS.items()},
        "drift": drift(written),
        "idle_burn": _idle_burn(written),
        "accelerators": _accelerators(written),
        "untagged_endpoint": untagged_endpoint(written),
        "build_vs_buy": build_vs_buy(written),
        "shared_spend": shared_spend(written),
        "training_bursts": _training_bursts(written),
        "zombie": _zombie(written),
        "portfolio_mix": portfolio_mix(written),
        "queue_beside_idle": _queue(written),
    }
    planted = {key: effect for key, effect in found.items() if effect is not None}
    return planted, sorted(found.keys() - planted.keys())


def _overnight_spike(written: Written) -> Effect | None:
    day = written.calendar.spike_day
    if day is None:
        return None
    gpu_hours = SURGE_HOSTS * 8 * SURGE_HOURS
    return {
        "what": "An autoscaler runs away overnight: GPUs and calls, and no more customers.",
        "date_day": str(written.calendar.day(day)),
        "model_name": "chat-assistant",
        "model_version": "v2",
        "endpoint": "chat",
        "hostname_prefix": NIGHT_HOSTS,
        "gpu_hours": gpu_hours,
        "cost_usd": str(gpu_hours * on_demand(H100)),
        "mart": "fct_gpu_utilization_hourly.cost_usd, fct_model_cost_daily.effective_cost_usd",
        "tolerance": "exact: the extra hosts are tagged and billed by the hour",
    }


def _version(
    changes: list[dict[str, object]], model: str, is_justified: bool, what: str
) -> Effect | None:
    change = next((change for change in changes if change["model_name"] == model), None)
    if change is None or min(int(str(change[f"days_{s}"])) for s in _SIDES) < _LEAST_DAYS:
        return None
    return {
        "what": what,
        **{name: change[name] for name in _CHANGE_KEYS},
        **_worth(model),
        "is_justified": is_justified,
        "see": "version_changes",
        "mart": "fct_unit_economics_daily.direct_cost_usd",
        "tolerance": "0.2 % relative: summed rows spread to the next one, a few over midnight",
    }


def _worth(model: str) -> Effect:
    """Revenue that a call's exposure adds, and accuracy, of the version before and after."""
    feature = next(f for f in FEATURES if f.model_name == model)
    accuracies = [ACCURACY[model, version] for version in ("v1", "v2")]
    return {
        f"{name}_{side}": value
        for side, lift, accuracy in zip(_SIDES, feature.lifts, accuracies, strict=True)
        for name, value in (
            ("value_usd_per_1000_exposures", round(lift * feature.revenue_cents * 10, 6)),
            ("accuracy", accuracy),
        )
    }


def _idle_burn(written: Written) -> Effect | None:
    calendar = written.calendar
    hours = 8 * 24 * (calendar.days - calendar.training_stop)
    if not hours:
        return None
    return {
        "what": "Eight GPUs are kept after their training and burn at 13 %, beside busy ones.",
        "hostname": "gpu-a100-lab",
        "from_day": str(calendar.day(calendar.training_stop)),
        "mean_utilization": 0.13,
        "gpu_hours": hours,
        "cost_usd": str(hours * on_demand(A100)),
        "busy": {"hostname": "gpu-a100-01", "endpoint": "rerank", "mean_utilization_above": 0.70},
        "nobody_holds": "gpu.unallocated_usd",
        "mart": "fct_gpu_utilization_hourly.idle_cost_usd",
        "tolerance": "money exact, every hour is below 0.145; mean utilization 0.005, it is noise",
    }


def _accelerators(written: Written) -> Effect:
    days = written.calendar.days
    found = []
    for stream in written.streams:
        if stream.model != ("embedder", "v1") or stream.accelerator is None:
            continue
        cost = days * 24 * on_demand(stream.accelerator)
        counts = written.counts[stream.name]
        tokens = int(counts["input"].sum() + counts["output"].sum())
        found.append(
            {
                "accelerator": stream.accelerator,
                "endpoint": stream.endpoint,
                "cost_usd": str(cost),
                "total_tokens": tokens,
                "cost_per_mtok_usd": f"{cost * 1_000_000 / tokens:.9f}",
            }
        )
    return {
        "what": "One model version on a CPU, an A100 and an H100.",
        "model_name": "embedder",
        "model_version": "v1",
        "by_accelerator": found,
        "mart": "fct_unit_economics_daily.direct_cost_usd, total_tokens",
        "tolerance": "exact: whole GPUs by the hour, and every token",
    }


def _training_bursts(written: Written) -> Effect | None:
    """The two trainings that are long enough to stand on the bill as hosts of their own."""
    calendar = written.calendar
    bursts = (
        ("training", "search-ranker", "gpu-a100-lab", A100,
         calendar.training_start, calendar.training_stop),
        ("fine_tuning", "chat-assistant", "gpu-h100-tune", H100,
         calendar.tuning_start, calendar.chat_v2_start),
    )  # fmt: skip
    found = [
        {
            "lifecycle_stage": stage,
            "model_name": model,
            "model_version": "v2",
            "hostname": host,
            "from_day": str(calendar.day(first)),
            "last_day": str(calendar.day(stop - 1)),
            "gpu_hours": 8 * 24 * (stop - first),
            "cost_usd": str(8 * 24 * (stop - first) * on_demand(accelerator)),
        }
        for stage, model, host, accelerator, first, stop in bursts
        if first < stop
    ]
    if not found:
        return None
    return {
        "what": "A training and a fine-tuning, each with a host, telemetry and a job of its own.",
        "bursts": found,
        "see": "lifecycle_usd",
        "mart": "fct_model_cost_daily.effective_cost_usd by lifecycle_stage",
        "tolerance": "exact: whole hosts, tagged and billed by the hour",
    }


def _zombie(written: Written) -> Effect | None:
    calendar = written.calendar
    if calendar.tagger_sunset >= calendar.days:
        return None
    return {
        "what": "A model version that was sunset and is billed on.",
        "model_name": TAGGER[0],
        "model_version": TAGGER[1],
        "sunset_date": str(calendar.day(calendar.tagger_sunset)),
        "cost_after_sunset_usd": total(
            np.array([written.resource_units("gpu-a10g-01", calendar.tagger_sunset)])
        ),
        "mart": "fct_model_cost_daily.effective_cost_usd, lifecycle_stage sunset",
        "tolerance": "exact: a whole host, tagged and billed by the hour",
    }


def _queue(written: Written) -> Effect | None:
    calendar = written.calendar
    from_s = calendar.training_stop * DAY_S
    late = written.jobs[(written.jobs["gres"] == "a100") & (written.jobs["Submit"] > from_s)]
    waits = (late["Start"] - late["Eligible"]).dropna().to_numpy()
    if not len(waits):
        return None
    return {
        "what": "Jobs wait for hours for GPUs of which eight burn idle.",
        "accelerator": A100,
        "from_day": str(calendar.day(calendar.training_stop)),
        "jobs_started": len(waits),
        "wait_p50_s": float(np.percentile(waits, 50)),
        "see": "jobs",
        "mart": "fct_gpu_queue_daily",
        "tolerance": "waits and hours exact to the second; idle hours to 1e-3, microseconds round",
    }

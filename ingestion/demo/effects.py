"""`truth.json`, key `effects`: each planted effect, its money, where it shows and how exactly."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa

from ingestion.demo.bill_aws import SHADOW_ENDPOINT
from ingestion.demo.bill_vendors import billed_units
from ingestion.demo.calendar import Calendar
from ingestion.demo.charges import units, within
from ingestion.demo.company import SURGE_HOURS, Stream
from ingestion.demo.evaluations import BASELINE_WEEKS, DRIFTING, Evaluation
from ingestion.demo.fleet import SURGE_HOSTS, TAGGER
from ingestion.demo.money import UNITS_PER_USD, total
from ingestion.demo.prices import A100, H100, L40S, on_demand, throughput
from ingestion.demo.telemetry import Telemetry
from ingestion.kernels import pc

Effect = dict[str, object]
_MONTH_HOURS = 720
_TRIAGE_GPUS = 4


@dataclass(frozen=True)
class Company:
    """Everything that was written.

    Args:
        calendar: The window.
        streams: The streams of calls.
        counts: Calls and tokens per day, by stream name and kind.
        telemetry: With its tally.
        charges: Every charge.
        jobs: The scheduler's jobs.
        scores: The evaluations.
    """

    calendar: Calendar
    streams: tuple[Stream, ...]
    counts: Mapping[str, Mapping[str, np.ndarray]]
    telemetry: Telemetry
    charges: pa.Table
    jobs: pd.DataFrame
    scores: list[Evaluation]

    def vendor_units(self, model: tuple[str, str]) -> np.ndarray:
        """Money units per day of a vendor-hosted model version."""
        return _vendor_units(self.calendar, self.streams, self.counts, model)

    def resource_units(self, name: str, first: int = 0) -> int:
        """Money units of a billed resource by name, from a day on."""
        start = self.calendar.midnights(first, first + 1)[0]
        rows = self.charges.filter(
            pc.and_(
                pc.equal(self.charges.column("resource_name"), name),
                pc.greater_equal(self.charges.column("start"), pa.scalar(start)),
            )
        )
        return int(units(rows, "effective_usd").sum())


def last_month_costs(
    calendar: Calendar,
    streams: tuple[Stream, ...],
    counts: Mapping[str, Mapping[str, np.ndarray]],
    charges: pa.Table,
) -> dict[str, Decimal]:
    """USD of the last month by model that has a budget, and of the whole bill under ``."""
    month = calendar.months[-1]
    inside = within(charges, month.start, month.end)
    days = slice(month.first, month.stop)
    copilot = sum(
        int(_vendor_units(calendar, streams, counts, ("support-copilot", version))[days].sum())
        for version in ("v1", "v2")
    )
    twin = inside.filter(pc.equal(inside.column("resource_name"), "gpu-l40s-01"))
    triage = int(
        _vendor_units(calendar, streams, counts, ("ticket-triage", "v1"))[days].sum()
        + units(twin, "effective_usd").sum()
    )
    whole = int(units(inside, "effective_usd").sum())
    found = {"support-copilot": copilot, "ticket-triage": triage, "": whole}
    return {name: Decimal(amount) / UNITS_PER_USD for name, amount in found.items()}


def effects_truth(company: Company) -> dict[str, Effect]:
    """Every planted effect by its key; nothing in a clean company."""
    if company.calendar.is_clean:
        return {}
    found = {
        "overnight_spike": _overnight_spike(company),
        "version_cost_double_rate": _version("recommender", "The same calls on twice the GPUs."),
        "version_cost_double_tokens": _version(
            "chat-assistant", "Twice the tokens for the same call, on twice the GPUs."
        ),
        "version_cost_justified": _version(
            "listing-writer", "A model three times as dear that sells five times as much."
        ),
        "version_cost_improved": _version("support-copilot", "Cheaper calls that help more."),
        "drift": _drift(company),
        "idle_burn": _idle_burn(company),
        "accelerators": _accelerators(company),
        "untagged_endpoint": _untagged_endpoint(company),
        "build_vs_buy": _build_vs_buy(company),
        "zombie": _zombie(company),
        "queue_beside_idle": _queue(company),
    }
    return {key: effect for key, effect in found.items() if effect is not None}


def _overnight_spike(company: Company) -> Effect | None:
    day = company.calendar.spike_day
    if day is None:
        return None
    gpu_hours = SURGE_HOSTS * 8 * SURGE_HOURS
    return {
        "what": "An autoscaler runs away overnight: GPUs and calls, and no more customers.",
        "date_day": str(company.calendar.day(day)),
        "model_name": "chat-assistant",
        "model_version": "v2",
        "endpoint": "chat",
        "hostname_prefix": "gpu-h100-auto-",
        "gpu_hours": gpu_hours,
        "cost_usd": str(gpu_hours * on_demand(H100)),
        "mart": "fct_gpu_utilization_hourly.cost_usd, fct_model_cost_daily.effective_cost_usd",
        "tolerance": "exact: the extra hosts are tagged and billed by the hour",
    }


def _version(model: str, what: str) -> Effect:
    return {
        "what": what,
        "model_name": model,
        "see": "version_changes",
        "mart": "fct_unit_economics_daily.direct_cost_usd",
        "tolerance": "0.2 % relative: summed rows spread to the next one, a few over midnight",
    }


def _drift(company: Company) -> Effect | None:
    scores = [score for score in company.scores if score.model == DRIFTING]
    if len(scores) <= BASELINE_WEEKS + 1:
        return None
    cost = company.vendor_units(DRIFTING)
    return {
        "what": "Accuracy falls from week to week while more and more is spent.",
        "model_name": DRIFTING[0],
        "model_version": DRIFTING[1],
        "baseline_accuracy": scores[0].accuracy,
        "last_accuracy": round(scores[-1].accuracy, 6),
        "cost_usd_first_half": total(cost[: len(cost) // 2]),
        "cost_usd_second_half": total(cost[len(cost) // 2 :]),
        "mart": "stg_quality__evaluations.score, fct_unit_economics_daily.direct_cost_usd",
        "tolerance": "scores exact; money 0.1 %, as calls near midnight move between days",
    }


def _idle_burn(company: Company) -> Effect | None:
    calendar = company.calendar
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
        "busy_hostnames": ["gpu-a100-lab", "gpu-a100-01"],
        "mart": "fct_gpu_utilization_hourly.idle_cost_usd",
        "tolerance": "money exact; mean utilization 0.005",
    }


def _accelerators(company: Company) -> Effect:
    calendar, found = company.calendar, []
    for stream in company.streams:
        if stream.model != ("embedder", "v1") or stream.accelerator is None:
            continue
        cost = 24 * calendar.days * on_demand(stream.accelerator)
        counts = company.counts[stream.name]
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
        "tolerance": "exact",
    }


def _untagged_endpoint(company: Company) -> Effect | None:
    first = company.calendar.shadow_start
    if first is None:
        return None
    before, month = company.calendar.months[-2:]
    bill = units(within(company.charges, before.start, before.end), "effective_usd")
    cost = company.resource_units("llm-shadow-endpoint")
    return {
        "what": "An LLM endpoint that no tag and no telemetry knows joins the bill.",
        "resource_id": SHADOW_ENDPOINT,
        "month": str(month.start),
        "cost_usd": total(np.array([cost])),
        "last_month_bill_usd": total(bill),
        "added_ratio": round(cost / int(bill.sum()), 9),
        "mart": "fct_spend_share_monthly.added_ratio",
        "tolerance": "1e-6: the ratio is about 0.30, as near as whole cents an hour come to it",
    }


def _build_vs_buy(company: Company) -> Effect:
    cost = company.vendor_units(("ticket-triage", "v1"))
    days = min(30, company.calendar.days)
    monthly = Decimal(int(cost[-days:].sum())) * 30 / days / UNITS_PER_USD
    return {
        "what": "A feature bought by the token whose quantized twin, run at home, scores the same.",
        "model_name": "ticket-triage",
        "api_version": "v1",
        "self_hosted_version": "v1-int4",
        "accelerator": L40S,
        "gpus": _TRIAGE_GPUS,
        "tokens_per_second": throughput(L40S, "ticket-triage"),
        "api_cost_usd_30_days": f"{monthly:.6f}",
        "self_hosted_cost_usd_30_days": str(_TRIAGE_GPUS * _MONTH_HOURS * on_demand(L40S)),
        "mart": "fct_unit_economics_daily.direct_cost_usd",
        "tolerance": "exact for the days in the window",
    }


def _zombie(company: Company) -> Effect | None:
    calendar = company.calendar
    if calendar.tagger_sunset >= calendar.days:
        return None
    return {
        "what": "A model version that was sunset and is billed on.",
        "model_name": TAGGER[0],
        "model_version": TAGGER[1],
        "sunset_date": str(calendar.day(calendar.tagger_sunset)),
        "cost_after_sunset_usd": total(
            np.array([company.resource_units("gpu-a10g-01", calendar.tagger_sunset)])
        ),
        "mart": "fct_model_cost_daily.effective_cost_usd, lifecycle_stage sunset",
        "tolerance": "exact",
    }


def _queue(company: Company) -> Effect | None:
    calendar = company.calendar
    from_s = calendar.training_stop * 86_400
    late = company.jobs[(company.jobs["gres"] == "a100") & (company.jobs["Submit"] > from_s)]
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
        "tolerance": "exact but for the microseconds of idle time",
    }


def _vendor_units(
    calendar: Calendar,
    streams: tuple[Stream, ...],
    counts: Mapping[str, Mapping[str, np.ndarray]],
    model: tuple[str, str],
) -> np.ndarray:
    cost = np.zeros(calendar.days, dtype=np.int64)
    for stream in streams:
        if stream.model == model and stream.accelerator is None:
            cost += billed_units(calendar, stream.request_model, counts[stream.name])
    return cost

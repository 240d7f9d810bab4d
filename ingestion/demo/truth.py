"""`truth.json`: what was planted, in numbers. README.md explains the keys."""

from collections.abc import Mapping
from decimal import Decimal

import numpy as np
import pyarrow as pa

from ingestion.demo.bill_vendors import billed_units
from ingestion.demo.calendar import Calendar
from ingestion.demo.charges import MONEY, units, within
from ingestion.demo.company import Stream
from ingestion.demo.kpis import PlantedValue
from ingestion.demo.money import total
from ingestion.demo.prices import on_demand
from ingestion.demo.telemetry import NO_WORKLOAD, Telemetry
from ingestion.kernels import pc

NOTE = "Every figure in this folder is a demo figure: an invented company, no customer's data."
_IDENTITY = ("model_name", "model_version", "endpoint", "team")


def calendar_truth(calendar: Calendar) -> dict[str, object]:
    """First and last day, and the days on which something was planted."""
    return {
        "first_day": str(calendar.day(0)),
        "last_day": str(calendar.day(calendar.days - 1)),
        "events": {
            "chat_assistant_v2_tuning_starts": str(calendar.day(calendar.tuning_start)),
            "chat_assistant_v2_serves_from": str(calendar.day(calendar.chat_v2_start)),
            "chat_assistant_v1_last_day": str(calendar.day(calendar.chat_v1_stop - 1)),
            "search_ranker_v2_lab_idle_from": str(calendar.day(calendar.training_stop)),
            "support_copilot_v2_serves_from": str(calendar.day(calendar.copilot_v2_start)),
            "support_copilot_v1_last_day": str(calendar.day(calendar.copilot_v1_stop - 1)),
            "recommender_v2_serves_from": str(calendar.day(calendar.recommender_v2_start)),
            "listing_writer_v2_serves_from": str(calendar.day(calendar.writer_v2_start)),
            "query_tagger_sunset": str(calendar.day(calendar.tagger_sunset)),
            "gpt_4o_price_change": _day_or_none(calendar, calendar.price_change),
            "overnight_spike": _day_or_none(calendar, calendar.spike_day),
            "untagged_endpoint_from": _day_or_none(calendar, calendar.shadow_start),
        },
    }


def _day_or_none(calendar: Calendar, day: int | None) -> str | None:
    return None if day is None or day >= calendar.days else str(calendar.day(day))


def billing_truth(calendar: Calendar, charges: pa.Table) -> dict[str, object]:
    """Money by month and billing account, by identity in the tags, by component and stage."""
    billed = []
    for month in calendar.months:
        inside = within(charges, month.start, month.end)
        accounts = inside.group_by(["provider", "account"]).aggregate([]).sort_by("provider")
        for provider, account in zip(*(c.to_pylist() for c in accounts.columns), strict=True):
            rows = inside.filter(pc.equal(inside.column("account"), account))
            billed.append(
                {
                    "month": month.label,
                    "provider": provider,
                    "billing_account_id": account,
                    "billing_currency": rows.column("currency")[0].as_py(),
                    "rows": rows.num_rows,
                    "effective_cost_usd": total(units(rows, "effective_usd")),
                }
                | {
                    name: total(units(rows, column))
                    for name, column in zip(
                        ("billed_cost", "effective_cost", "list_cost"), MONEY, strict=True
                    )
                }
            )
    return {
        "billed": billed,
        "tags": _tags_truth(charges),
        "shared_usd": by_tag(charges, "cost_component", without="model_name"),
        "lifecycle_usd": by_tag(charges, "lifecycle_stage"),
        "initiative_usd": {
            month.label: by_tag(within(charges, month.start, month.end), "initiative")
            for month in calendar.months
        },
    }


def _tags_truth(charges: pa.Table) -> dict[str, object]:
    """Effective cost by how much of the identity the rows' own tags name."""
    named = np.zeros(charges.num_rows, dtype=int)
    for key in _IDENTITY:
        named += _has_tag(charges, key)
    cost = units(charges, "effective_usd")
    parts: dict[str, np.ndarray] = {
        "full_usd": cost[named == len(_IDENTITY)],
        "partial_usd": cost[(named > 0) & (named < len(_IDENTITY))],
        "untagged_usd": cost[named == 0],
    }
    share = float(parts["untagged_usd"].sum() / cost.sum())
    money: dict[str, object] = {name: total(part) for name, part in parts.items()}
    return money | {"untagged_share": round(share, 6)}


def by_tag(charges: pa.Table, key: str, without: str | None = None) -> dict[str, str]:
    """Effective USD by the value of a tag, of rows that have it (and not the tag `without`)."""
    rows = named_rows(charges, key, without)
    values = pc.struct_field(
        pc.extract_regex(rows.column("tags"), f'"{key}": "(?P<value>[^"]*)"'), "value"
    )
    return {
        name: total(units(rows.filter(pc.equal(values, name)), "effective_usd"))
        for name in sorted(values.unique().to_pylist())
    }


def named_rows(charges: pa.Table, key: str, without: str | None = None) -> pa.Table:
    """Charges that have a tag (and not the tag `without`)."""
    keep = _has_tag(charges, key)
    if without:
        keep &= ~_has_tag(charges, without)
    return charges.filter(pa.array(keep))


def _has_tag(charges: pa.Table, key: str) -> np.ndarray:
    return pc.fill_null(pc.match_substring(charges.column("tags"), f'"{key}"'), False).to_numpy()


def requests_truth(
    calendar: Calendar, streams: tuple[Stream, ...], counts: Mapping[str, Mapping[str, np.ndarray]]
) -> list[dict[str, object]]:
    """Calls, tokens and vendor money per model version and endpoint, over the window."""
    found = []
    for stream in streams:
        of_stream = counts[stream.name]
        row: dict[str, object] = {
            "model_name": stream.model[0],
            "model_version": stream.model[1],
            "endpoint": stream.endpoint,
            "rows": int(of_stream["rows"].sum()),
            "requests": int(of_stream["requests"].sum()),
        }
        for kind in ("input", "output", "cache_read", "cache_creation", "reasoning"):
            row[f"{kind}_tokens"] = int(of_stream[kind].sum())
        if stream.accelerator is None:
            cost = billed_units(calendar, stream.request_model, of_stream)
            row["vendor_cost_usd"] = total(cost)
        found.append(row)
    return found


def gpu_truth(telemetry: Telemetry) -> dict[str, object]:
    """GPU-hours and money by host and workload; idle is split into its two kinds."""
    workloads = []
    unallocated, allocated_idle = [0, Decimal(0)], [0, Decimal(0)]
    accelerators = {host.name: host.accelerator for host in telemetry.hosts}
    for (host, workload), hours in sorted(telemetry.tally.hours.items()):
        if not hours:
            continue
        price = on_demand(accelerators[host])
        idle = telemetry.tally.idle_hours.get((host, workload), 0)
        if workload == NO_WORKLOAD:
            idle, kind = hours, unallocated
        else:
            kind = allocated_idle
        kind[0] += idle
        kind[1] += idle * price
        workloads.append(
            {"hostname": host, "accelerator": accelerators[host]}
            | dict(zip(_IDENTITY, workload, strict=True))
            | {
                "gpu_hours": hours,
                "cost_usd": str(hours * price),
                "idle_gpu_hours": idle,
                "idle_usd": str(idle * price),
            }
        )
    return {
        "unallocated_gpu_hours": unallocated[0],
        "unallocated_usd": str(unallocated[1]),
        "allocated_idle_gpu_hours": allocated_idle[0],
        "allocated_idle_usd": str(allocated_idle[1]),
        "workloads": workloads,
    }


def value_truth(planted: list[PlantedValue]) -> list[dict[str, object]]:
    """Expected value per model version and feature; declared features add nothing measurable."""
    return [
        {
            "model_name": value.model[0],
            "model_version": value.model[1],
            "feature": value.feature,
            "value_method": "incremental" if value.has_control else "declared",
            "treatment_exposures": value.exposures,
            "incremental_conversions": round(value.conversions, 6),
            "incremental_revenue_usd": round(value.revenue_usd, 2),
            "incremental_retained_users": round(value.retained_users, 6),
        }
        for value in planted
    ]

"""What each planted version change cost: direct money per day on either side of the overlap."""

from collections.abc import Mapping
from decimal import Decimal

import numpy as np
import pyarrow as pa

from ingestion.demo.bill_vendors import billed_units
from ingestion.demo.calendar import Calendar
from ingestion.demo.charges import units
from ingestion.demo.company import Stream
from ingestion.demo.fleet import Host, holdings, host_tags
from ingestion.demo.money import UNITS_PER_USD, to_units
from ingestion.demo.prices import on_demand
from ingestion.kernels import pc

SIDE_DAYS = 14
SPIKE_RATIO = 1.25
_CHANGES = (
    ("chat-v1", "chat-v2"),
    ("recommender-v1", "recommender-v2"),
    ("copilot-v1", "copilot-v2"),
    ("writer-v1", "writer-v2"),
)


def version_truth(
    calendar: Calendar,
    streams: tuple[Stream, ...],
    counts: Mapping[str, Mapping[str, np.ndarray]],
    fleet: tuple[Host, ...],
    charges: pa.Table,
) -> list[dict[str, object]]:
    """Per change: cutover, overlap, direct cost, calls and tokens per day before and after.

    A side is the nearest 14 days on which one version serves alone, or what there is; a change
    with an empty side is left out.
    """
    by_name = {stream.name: stream for stream in streams}
    found = []
    for before, after in _CHANGES:
        old, new = by_name[before], by_name[after]
        old_days = np.flatnonzero(new.share == 0)[-SIDE_DAYS:]
        new_days = np.flatnonzero(old.share == 0)[:SIDE_DAYS]
        if not (old_days.size and new_days.size):
            continue
        was, now = (
            _per_day(
                days, counts[s.name], _direct_units(calendar, s, counts[s.name], fleet, charges)
            )
            for s, days in ((old, old_days), (new, new_days))
        )
        per_request = float(now["cost"] / now["requests"] / (was["cost"] / was["requests"]))
        per_token = float(now["cost"] / now["tokens"] / (was["cost"] / was["tokens"]))
        found.append(
            {
                "model_name": old.model[0],
                "from_version": old.model[1],
                "to_version": new.model[1],
                "cutover_date": str(calendar.day(int(np.flatnonzero(new.share)[0]))),
                "overlap_days": int(((old.share > 0) & (new.share > 0)).sum()),
                "days_before": int(old_days.size),
                "days_after": int(new_days.size),
            }
            | {
                f"{name}_{side}": f"{value:.6f}"
                for side, values in (("before", was), ("after", now))
                for name, value in (
                    ("cost_usd", values["cost"]),
                    ("requests", values["requests"]),
                    ("tokens_per_request", values["tokens"] / values["requests"]),
                )
            }
            | {
                "cost_per_request_ratio": round(per_request, 6),
                "cost_per_mtok_ratio": round(per_token, 6),
                "is_cost_spike": max(per_request, per_token) >= SPIKE_RATIO,
            }
        )
    return found


def _per_day(
    days: np.ndarray, counts: Mapping[str, np.ndarray], cost: np.ndarray
) -> dict[str, Decimal]:
    sums = {
        "cost": Decimal(int(cost[days].sum())) / UNITS_PER_USD,
        "requests": Decimal(int(counts["requests"][days].sum())),
        "tokens": Decimal(int(counts["input"][days].sum() + counts["output"][days].sum())),
    }
    return {name: value / len(days) for name, value in sums.items()}


def _direct_units(
    calendar: Calendar,
    stream: Stream,
    counts: Mapping[str, np.ndarray],
    fleet: tuple[Host, ...],
    charges: pa.Table,
) -> np.ndarray:
    """Direct cost of a stream's version per day, money units: GPUs held, or tokens, plus tags."""
    cost = _tagged_units(calendar, stream, charges)
    if stream.accelerator is None:
        return cost + billed_units(calendar, stream.request_model, counts)
    by_name = {host.name: host for host in fleet}
    for holding in holdings(calendar):
        host = by_name[holding.host]
        # A tagged host's money is in the tags already.
        is_tagged = host_tags(host, calendar, holding.start) is not None
        if holding.workload == (*stream.model, stream.endpoint, stream.team) and not is_tagged:
            price = to_units(on_demand(host.accelerator))
            gpus = holding.stop_gpu - holding.first_gpu
            cost[holding.start : holding.stop] += gpus * 24 * price
    return cost


def _tagged_units(calendar: Calendar, stream: Stream, charges: pa.Table) -> np.ndarray:
    keep = pc.match_substring(charges.column("tags"), '"lifecycle_stage": "deployment"')
    for key, value in zip(("model_name", "model_version"), stream.model, strict=True):
        keep = pc.and_(keep, pc.match_substring(charges.column("tags"), f'"{key}": "{value}"'))
    rows = charges.filter(keep)
    start = rows.column("start").to_numpy().astype("datetime64[D]")
    day = (start - np.datetime64(calendar.first_day)).astype(int)
    cost = np.zeros(calendar.days, dtype=np.int64)
    np.add.at(cost, day, units(rows, "effective"))
    return cost

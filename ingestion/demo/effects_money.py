"""Planted effects that take a whole month's money, or a whole log, to put in numbers."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import numpy as np

from ingestion.demo.bill_aws import SHADOW_ENDPOINT
from ingestion.demo.calendar import Calendar, Month
from ingestion.demo.charges import units
from ingestion.demo.evaluations import BASELINE_WEEKS, DRIFTING
from ingestion.demo.fleet import Holding, held_hours, holdings, host_tags, hosts
from ingestion.demo.money import UNITS_PER_USD, to_units, total
from ingestion.demo.prices import L40S, on_demand, throughput
from ingestion.demo.registry import versions
from ingestion.demo.requests import CallLog
from ingestion.demo.truth import by_tag, named_rows
from ingestion.demo.written import Written

Effect = dict[str, object]
_MONTH_DAYS, _MONTH_HOURS = 30, 720
_TRIAGE_GPUS = 4
_PEAK_US = 300_000_000


def drift(written: Written) -> Effect | None:
    """Accuracy against spend, and the money that the fall cost from week to week."""
    scores = [score for score in written.scores if score.model == DRIFTING]
    if len(scores) <= BASELINE_WEEKS + 1:
        return None
    cost = written.vendor_units(DRIFTING)
    return {
        "what": "Accuracy falls from week to week while more and more is spent.",
        "model_name": DRIFTING[0],
        "model_version": DRIFTING[1],
        "baseline_accuracy": scores[0].accuracy,
        "last_accuracy": round(scores[-1].accuracy, 6),
        "cost_usd_first_half": total(cost[: len(cost) // 2]),
        "cost_usd_second_half": total(cost[len(cost) // 2 :]),
        "weekly": _drift_weeks(written, cost),
        "mart": "stg_quality__evaluations.score, fct_unit_economics_daily.direct_cost_usd",
        "tolerance": "scores exact; money 0.1 %, as calls near midnight move between days",
    }


def _drift_weeks(written: Written, cost: np.ndarray) -> list[dict[str, object]]:
    """Per evaluated week (by its Monday): cost over what the baseline's would have been."""
    calendar = written.calendar
    requests = np.zeros(calendar.days, dtype=np.int64)
    for stream in written.streams:
        if stream.model == DRIFTING:
            requests += written.counts[stream.name]["requests"]
    weeks = []
    for score in written.scores:
        if score.model != DRIFTING:
            continue
        first = score.day - calendar.day(score.day).weekday()
        days = slice(max(0, first), first + 7)
        sampled = Decimal(score.correct) / score.samples
        usd = Decimal(int(cost[days].sum())) / UNITS_PER_USD
        weeks.append((first, sampled, usd, sampled * int(requests[days].sum())))
    baseline = weeks[:BASELINE_WEEKS]
    per_correct = sum(usd for *_, usd, _ in baseline) / sum(right for *_, right in baseline)
    return [
        {
            "week": str(calendar.first_day + timedelta(days=first)),
            "score": f"{sampled:.4f}",
            "cost_usd": f"{usd:.6f}",
            "correct_outcomes": f"{right:.4f}",
            "drift_cost_usd": f"{usd - right * per_correct:.6f}",
        }
        for first, sampled, usd, right in weeks
    ]


def untagged_endpoint(written: Written) -> Effect | None:
    """The endpoint that nobody's tags know."""
    first = written.calendar.shadow_start
    if first is None:
        return None
    before, month = written.calendar.months[-2:]
    bill = units(written.month_charges(before), "effective_usd")
    cost = written.resource_units("llm-shadow-endpoint")
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


def build_vs_buy(written: Written) -> Effect:
    """What the bought feature costs, and how many GPUs of its twin carry the same calls."""
    calendar = written.calendar
    cost = written.vendor_units(("ticket-triage", "v1"))
    days = min(_MONTH_DAYS, calendar.days)
    monthly = Decimal(int(cost[-days:].sum())) * _MONTH_DAYS / days / UNITS_PER_USD
    peak = peak_tokens_per_second(calendar, written.log, "triage-api", calendar.days - days)
    per_gpu = throughput(L40S, "ticket-triage")
    return {
        "what": "A feature bought by the token whose quantized twin, run at home, scores the same.",
        "model_name": "ticket-triage",
        "api_version": "v1",
        "self_hosted_version": "v1-int4",
        "accelerator": L40S,
        "peak_tokens_per_second": round(peak, 3),
        "tokens_per_second": per_gpu,
        "gpus": max(1, -int(-peak // per_gpu)),
        "gpus_running": _TRIAGE_GPUS,
        "api_cost_usd_30_days": f"{monthly:.6f}",
        "self_hosted_cost_usd_30_days": str(_TRIAGE_GPUS * _MONTH_HOURS * on_demand(L40S)),
        "mart": "fct_unit_economics_daily.direct_cost_usd",
        "tolerance": "money exact for the days in the window; the peak is of five minutes, 1 %",
    }


def peak_tokens_per_second(calendar: Calendar, log: CallLog, name: str, first: int) -> float:
    """The busiest five minutes of a stream from a day on; a row spreads evenly up to the next."""
    stream = next(stream for stream in log.streams if stream.name == name)
    starts, tokens = [], []
    for day in range(first, calendar.days):
        rows = log.day(stream, day)
        starts.append(rows.column("timestamp").to_numpy().astype(np.int64))
        kinds = ("gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens")
        tokens.append(sum(rows.column(kind).to_numpy() for kind in kinds))
    at = np.concatenate(starts)
    window = calendar.midnights(first, calendar.days + 1).astype(np.int64)
    so_far = np.concatenate([[0], np.cumsum(np.concatenate(tokens))])
    grid = np.arange(window[0], window[-1] + 1, _PEAK_US)
    reached = np.interp(grid, np.append(at, window[-1]), so_far)
    return float(np.diff(reached).max()) / (_PEAK_US / 1_000_000)


def shared_spend(written: Written) -> Effect:
    """Platforms that every model uses."""
    charges = written.charges
    return {
        "what": "Orchestration, a vector database billed in euros, embeddings and a cache.",
        "by_component_usd": by_tag(charges, "cost_component", without="model_name"),
        "mart": "fct_model_cost_daily.effective_cost_usd, allocation_method shared",
        "tolerance": "exact: parts add up to their charge, euros at the latest fixing",
    }


def portfolio_mix(written: Written) -> Effect:
    """Exploration against exploitation by month, by tags and by the registry."""
    calendar = written.calendar
    initiatives = {version.key: version.initiative for version in versions(calendar)}
    by_month: dict[str, dict[str, str]] = {}
    for month in calendar.months:
        charges = written.month_charges(month)
        found: dict[str, Decimal] = defaultdict(Decimal)
        for name, cost in by_tag(charges, "initiative").items():
            found[name] += Decimal(cost)
        for model, amount in _by_model(written, month):
            found[initiatives[model]] += Decimal(amount) / UNITS_PER_USD
        whole = Decimal(int(units(charges, "effective_usd").sum())) / UNITS_PER_USD
        found["unattributed"] = whole - sum(found.values())
        by_month[month.label] = {name: f"{cost:.6f}" for name, cost in sorted(found.items())}
    return {
        "what": "What is spent on exploring and on exploiting, by tag and else by the registry.",
        "by_month_usd": by_month,
        "mart": "fct_model_cost_daily.effective_cost_usd by initiative",
        "tolerance": "0.2 % relative: calls near midnight move between days and so months",
    }


def _by_model(written: Written, month: Month) -> Iterator[tuple[tuple[str, str], int]]:
    """Model versions with money units of the month that no tag gives them.

    Tokens, GPUs held, and of the shared platforms a part by each day's requests.
    """
    calendar = written.calendar
    shared = _shared_units(written, month)
    requests = {s.name: written.counts[s.name]["requests"] for s in written.streams}
    all_requests = np.sum(list(requests.values()), axis=0)[month.first : month.stop]
    for stream in written.streams:
        share = requests[stream.name][month.first : month.stop] / np.maximum(all_requests, 1)
        yield stream.model, round(float((share * shared).sum()))
    for model in {s.model: None for s in written.streams if s.accelerator is None}:
        yield model, int(written.vendor_units(model)[month.first : month.stop].sum())
    fleet = {host.name: host for host in hosts(calendar)}
    for holding in holdings(calendar):
        host = fleet[holding.host]
        tags = host_tags(host, calendar, holding.start)
        if tags is None or "model_name" not in tags:
            price = to_units(on_demand(host.accelerator))
            yield holding.workload[:2], price * _gpu_hours(calendar, holding, month)


def _shared_units(written: Written, month: Month) -> np.ndarray:
    """Money units of each day of the month that are shared by every model."""
    rows = named_rows(written.month_charges(month), "cost_component", without="model_name")
    start = rows.column("start").to_numpy().astype("datetime64[D]")
    day = (start - np.datetime64(written.calendar.day(month.first))).astype(int)
    cost = np.zeros(month.stop - month.first, dtype=np.int64)
    np.add.at(cost, day, units(rows, "effective_usd"))
    return cost


def _gpu_hours(calendar: Calendar, holding: Holding, month: Month) -> int:
    days = range(max(holding.start, month.first), min(holding.stop, month.stop))
    hours = sum(int(held_hours(holding, calendar, day).sum()) for day in days)
    return hours * (holding.stop_gpu - holding.first_gpu)

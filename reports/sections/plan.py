"""The decision: how many GPUs of what to reserve, what rides on top, what it saves, how sure."""

from collections.abc import Iterable
from dataclasses import dataclass

from reports import formats
from reports.charts.fan import Fan, Level, fan_chart
from reports.downloads import Download, download
from reports.sections.series import Drawn, Series
from reports.warehouse import Row, Warehouse

# Less training than this does not show in one decimal.
_SEEN_TRAINING = 0.05


@dataclass(frozen=True)
class Decision:
    """One accelerator.

    Attributes:
        row: The plan of the term to decide on, `plan.sql`.
        rows: All its terms, that one first.
        term: The term for people.
        money: What it saves or costs against today's fleet, in one sentence.
        sureties: How sure it is, a sentence each.
        fan: Demand with the reserved GPUs and today's fleet drawn across; None without demand.
    """

    row: Row
    rows: list[Row]
    term: str
    money: str | None
    sureties: list[str]
    fan: Fan | None


@dataclass(frozen=True)
class Plan:
    """The section's content; empty where no plan was made.

    Attributes:
        decisions: One per accelerator, the most money first.
        summary: All of them in one sentence; None where nothing can be said.
        headroom: Rows per accelerator: gpus_allocated, typical_gpus, peak_p95_gpus, peak_at,
            spare_gpus, model.
        download: The plan, every term and column.
        headroom_download: The headroom.
    """

    decisions: list[Decision]
    summary: str | None
    headroom: list[Row]
    download: Download | None
    headroom_download: Download | None


def plan(warehouse: Warehouse, drawn: Drawn) -> Plan:
    """Ask for the plan and for the GPUs held against those needed."""
    rows = warehouse.rows("plan")
    headroom = warehouse.rows("headroom")
    totals = {s.unique_id.lower(): s for s in drawn.series if s.is_total}
    by_accelerator: dict[str, list[Row]] = {}
    for row in rows:
        by_accelerator.setdefault(row["accelerator"], []).append(
            {**row, "term_name": term_name(row["term"])}
        )
    decisions = [
        _decision(own, totals.get(f"accelerator:{name.lower()}"))
        for name, own in by_accelerator.items()
    ]
    return Plan(
        decisions=decisions,
        summary=_summary(decisions),
        headroom=headroom,
        download=download("capacity plan", rows),
        headroom_download=download("gpus held and needed", headroom),
    )


def term_name(term: str) -> str:
    """Name a term for people: month is the 28 days that are forecast, 1y becomes 1 year."""
    if term == "month":
        return "28 days"
    number, unit = term[:-1], {"y": "year", "m": "month", "w": "week", "d": "day"}.get(term[-1:])
    if unit is None or not number.isdigit():
        return term
    return f"{number} {unit}{'' if int(number) == 1 else 's'}"


def _decision(rows: list[Row], total: Series | None) -> Decision:
    row = rows[0]
    return Decision(
        row=row,
        rows=rows,
        term=term_name(row["term"]),
        money=_money(row),
        sureties=list(_sureties(row)),
        fan=None if total is None or total.measure != "gpus" else _fan(row, total),
    )


def _fan(row: Row, total: Series) -> Fan:
    levels = [
        Level(key, f"{name} {formats.whole(row[column])}", float(row[column]))
        for key, name, column in (
            ("reserved", "reserve", "reserved_gpus"),
            ("today", "today", "today_gpus"),
        )
        if row[column] is not None
    ]
    past = total.history.assign(allocated=float("nan"))
    return fan_chart(past, total.forecast, total.unit, levels=levels)


def _money(row: Row) -> str | None:
    saving = row["saving_usd"]
    if saving is None:
        return None
    share = "" if row["saving_ratio"] is None else f" ({formats.percent(abs(row['saving_ratio']))})"
    term = term_name(row["term"])
    today = f"today’s {formats.gpus(row['today_gpus'])} GPUs kept"  # noqa: RUF001
    if saving >= 0:
        return f"Saves {formats.usd(saving)}{share} over {term} against {today}."
    return f"Costs {formats.usd(-saving)}{share} more over {term} than {today}."


def _sureties(row: Row) -> Iterable[str]:
    """What speaks for the plan, and what against it."""
    if (row["training_mean_gpus"] or 0) >= _SEEN_TRAINING:
        yield (
            f"Planned for {formats.gpus(row['demand_mean_gpus'])} GPUs on average, of which "
            f"{formats.gpus(row['training_mean_gpus'])} for training and batch jobs; "
            "the chart shows serving only."
        )
    if row["shortfall_probability"] is not None:
        today = row["today_shortfall_probability"]
        told = f"Chance that an hour runs short: {formats.chance(row['shortfall_probability'])}"
        yield told + ("." if today is None else f"; with today’s fleet {formats.chance(today)}.")  # noqa: RUF001
    if row["evidence"] == "within horizon":
        yield "Evidence: every hour of the term is forecast."
    else:
        yield f"Evidence: beyond the 28 days forecast, extrapolated ({row['method']})."
    if row["backtest_cutoffs"] and row["regret_vs_clairvoyant_ratio"] is not None:
        yield _regret(row)
    elif not row["backtest_cutoffs"]:
        yield "Never tested: the history is too short to replay a plan."


def _regret(row: Row) -> str:
    count = row["backtest_cutoffs"]
    told = (
        f"Tested: {count} such plan{'' if count == 1 else 's'} of past weeks cost "
        f"{formats.percent(row['regret_vs_clairvoyant_ratio'])} more than perfect foresight"
    )
    today = row["regret_vs_today_ratio"]
    if today is not None:
        word = "less" if today < 0 else "more"
        told += f", {formats.percent(abs(today))} {word} than the fleet of that time"
    return f"{told}."


def _summary(decisions: list[Decision]) -> str | None:
    """Say the whole decision in one sentence."""
    planned = [d.row for d in decisions if d.row["reserved_gpus"] is not None]
    if not planned:
        return None
    parts = [f"{formats.whole(row['reserved_gpus'])} {row['accelerator']}" for row in planned]
    told = f"Reserve {', '.join(parts)}."
    savings = [float(s) for row in planned if (s := row["saving_28_days_usd"]) is not None]
    if savings:
        total = sum(savings)
        word = "saves" if total >= 0 else "costs"
        told += (
            f" Against today’s fleet kept as it is, this {word} {formats.usd(abs(total))}"  # noqa: RUF001
            f"{'' if total >= 0 else ' more'} per 28 days."
        )
    return told

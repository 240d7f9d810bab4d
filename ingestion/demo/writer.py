"""Writes the demo company: which files, in which order, streaming by day."""

import gzip
import json
import math
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ingestion.demo import truth
from ingestion.demo.bill_aws import aws_charges, shadow_charges
from ingestion.demo.bill_microsoft import AZURE_MODEL, microsoft_charges
from ingestion.demo.bill_vendors import vendor_charges
from ingestion.demo.calendar import MAX_DAYS, Calendar
from ingestion.demo.charges import within
from ingestion.demo.company import Stream, streams
from ingestion.demo.currency import currency_table
from ingestion.demo.effects import effects_truth
from ingestion.demo.evaluations import evaluation_table, evaluations, evaluations_truth
from ingestion.demo.focus import aws_file, microsoft_file, plain_file, vendor_file
from ingestion.demo.folder import replace_demo
from ingestion.demo.jobs import DAY_S, as_of, jobs
from ingestion.demo.kpis import kpi_table
from ingestion.demo.planning import budget_table, budgets_truth, role_table
from ingestion.demo.prices import gpu_price_table, token_price_tables
from ingestion.demo.registry import registry_table
from ingestion.demo.requests import TOKEN_COLUMNS, CallLog
from ingestion.demo.sacct import exports
from ingestion.demo.telemetry import MAX_ROWS, Telemetry
from ingestion.demo.truth_jobs import jobs_truth
from ingestion.demo.truth_versions import version_truth
from ingestion.demo.written import Written, last_month_costs
from ingestion.errors import InputError
from ingestion.kernels import pc

Counts = dict[str, dict[str, np.ndarray]]


def write_demo(
    out: Path, days: int = 90, seed: int = 7, scale: float = 1.0, clean: bool = False
) -> None:
    """Writes the inputs of the demo company, and what was planted in them as `truth.json`.

    The same arguments write the same bytes. The window ends on 2026-06-30 (UTC). An earlier demo in
    the folder is replaced, file by file; other files beside it stay.

    Args:
        out: Folder to write, made where it is missing.
        days: Full days, 1 to 1096.
        seed: Any non-negative number.
        scale: About how many times the request and GPU rows of the default; the company and its
            money stay the same, what is counted is only summed or sampled more finely.
        clean: Writes the same company without anything planted.

    Raises:
        InputError: A number out of range, or a folder that holds something else than a demo.
    """
    if not 1 <= days <= MAX_DAYS:
        raise InputError(f"demo: days must be 1 to {MAX_DAYS}, not {days}")
    if seed < 0:
        raise InputError(f"demo: seed must not be negative, not {seed}")
    if not (math.isfinite(scale) and scale > 0):
        raise InputError(f"demo: scale must be above 0, not {scale}")
    replace_demo(out, lambda folder: _write_inputs(folder, Calendar(days, clean), seed, scale))


def _write_inputs(out: Path, calendar: Calendar, seed: int, scale: float) -> dict[str, object]:
    cast = streams(calendar)
    log = CallLog(cast, calendar, seed, scale)
    telemetry = Telemetry(calendar, cast, log.expected, seed, scale)
    counts = _write_calls(out / "llm_requests", calendar, log)
    samples = _write_daily(out / "gpu_metrics", "dcgm", calendar, telemetry.day)
    bills = _bills(calendar, cast, counts, seed)
    _write_bills(out / "billing", calendar, bills)
    found = jobs(calendar, seed)
    (out / "gpu_jobs").mkdir()
    printed = exports(calendar, found)
    for name, text in printed.items():
        (out / "gpu_jobs" / name).write_text(text, encoding="utf-8")
    kpis, value = kpi_table(calendar, cast, seed)
    scores = evaluations(calendar, seed)
    charges = pa.concat_tables(bills)
    costs = last_month_costs(calendar, cast, counts, charges)
    small = {
        "product_kpis/product_kpis.csv": kpis,
        "model_registry/model_registry.csv": registry_table(calendar),
        "prices/gpu_prices.csv": gpu_price_table(),
        "currency/ecb-reference-rates.csv": currency_table(calendar, seed),
        "budgets/budgets.csv": budget_table(calendar, costs),
        "roles/roles.csv": role_table(),
    } | {f"prices/{name}": table for name, table in token_price_tables(calendar).items()}
    for name, table in small.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_bytes(plain_file(table))
    _write_scores(out / "evaluations", evaluation_table(calendar, scores, seed))
    rows = {
        "billing": len(charges),
        "llm_requests": sum(int(count["rows"].sum()) for count in counts.values()),
        "gpu_metrics": samples,
        "gpu_jobs": sum(text.count("\n") - 1 for text in printed.values()),
    }
    for name, table in small.items():
        kind = "gpu_prices" if "gpu_prices" in name else name.split("/")[0]
        rows[kind] = rows.get(kind, 0) + len(table)
    known = as_of(found, calendar.days * DAY_S)
    changes = version_truth(calendar, cast, counts, telemetry.hosts, charges)
    written = Written(calendar, log, counts, telemetry, charges, known, scores)
    planted, missing = effects_truth(written, changes)
    return {
        "note": truth.NOTE,
        "days": calendar.days,
        "seed": seed,
        "scale": float(scale),
        "clean": calendar.is_clean,
        **truth.calendar_truth(calendar),
        "rows": rows | {"evaluations": 2 * len(scores)},
        **truth.billing_truth(calendar, charges),
        "requests": truth.requests_truth(calendar, cast, counts),
        "gpu": truth.gpu_truth(telemetry),
        "jobs": jobs_truth(calendar, known, telemetry.tally.idle_by_hour),
        "version_changes": changes,
        "value": truth.value_truth(value),
        "evaluations": evaluations_truth(calendar, scores),
        "budgets": budgets_truth(costs),
        "effects": planted,
        "not_planted": missing,
    }


def _bills(
    calendar: Calendar, cast: tuple[Stream, ...], counts: Counts, seed: int
) -> list[pa.Table]:
    """Every vendor's charges; the untagged endpoint is sized by all the others."""
    own = aws_charges(calendar, seed)
    tokens = _by_model(cast, counts)
    vendors = vendor_charges(calendar, tokens, seed)
    vendors.append(microsoft_charges(calendar, tokens[AZURE_MODEL], seed))
    shadow = shadow_charges(calendar, pa.concat_tables([own, *vendors]))
    if shadow is not None:
        own = pa.concat_tables([own, shadow]).sort_by("start")
    return [own, *vendors]


def _write_scores(folder: Path, scores: pa.Table) -> None:
    folder.mkdir()
    lines = "".join(json.dumps(row) + "\n" for row in scores.to_pylist())
    # A time in the header would make every run's bytes different.
    (folder / "evaluations.jsonl.gz").write_bytes(gzip.compress(lines.encode(), mtime=0))


def _write_calls(folder: Path, calendar: Calendar, log: CallLog) -> Counts:
    """Rollups and single calls apart: only the former have `request_count`."""
    kinds = ("rows", "requests", *TOKEN_COLUMNS)
    counts: Counts = {
        s.name: {kind: np.zeros(calendar.days, dtype=np.int64) for kind in kinds}
        for s in log.streams
    }

    def table(chosen: tuple[Stream, ...], day: int) -> pa.Table:
        tables = [log.day(stream, day) for stream in chosen]
        for stream, rows in zip(chosen, tables, strict=True):
            of_stream = counts[stream.name]
            is_rollup = "request_count" in rows.column_names
            of_stream["rows"][day] = rows.num_rows
            of_stream["requests"][day] = (
                pc.sum(rows.column("request_count")).as_py() or 0 if is_rollup else rows.num_rows
            )
            for kind, name in TOKEN_COLUMNS.items():
                of_stream[kind][day] = pc.sum(rows.column(name)).as_py() or 0
        return pa.concat_tables(tables).sort_by("timestamp")

    rollups = tuple(s for s in log.streams if s.rollup_s is not None)
    singles = tuple(s for s in log.streams if s.rollup_s is None)
    many = log.rows_per_day > MAX_ROWS
    groups = [(stream,) for stream in rollups] if many else [rollups]
    _write_daily(folder, "gateway", calendar, lambda day: (table(group, day) for group in groups))
    _write_daily(folder, "calls", calendar, lambda day: iter([table(singles, day)]))
    return counts


def _write_daily(
    folder: Path, prefix: str, calendar: Calendar, tables: Callable[[int], Iterator[pa.Table]]
) -> int:
    """One Parquet file per week, a row group per table of a day; returns the rows written."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = 0
    writer: pq.ParquetWriter | None = None
    for day in range(calendar.days):
        date = calendar.day(day)
        is_new = writer is None or date.weekday() == 0
        for of_day in tables(day):
            if writer is None or is_new:
                if writer is not None:
                    writer.close()
                monday = date - timedelta(days=date.weekday())
                path = folder / f"{prefix}-{monday}.parquet"
                writer = pq.ParquetWriter(path, of_day.schema, compression="zstd")
                is_new = False
            writer.write_table(of_day)
            rows += of_day.num_rows
    if writer is not None:
        writer.close()
    return rows


def _by_model(cast: tuple[Stream, ...], counts: Counts) -> Counts:
    """Token totals per day of each vendor model, over the streams that call it."""
    found: Counts = {}
    for stream in cast:
        if stream.accelerator is None:
            of_model = found.setdefault(stream.request_model, {})
            for kind in TOKEN_COLUMNS:
                of_model[kind] = of_model.get(kind, 0) + counts[stream.name][kind]
    return found


def _write_bills(folder: Path, calendar: Calendar, bills: list[pa.Table]) -> None:
    """A subfolder per month: one delivery, a file per vendor."""
    renders = {"AWS": (aws_file, ".csv"), "Microsoft": (microsoft_file, ".csv.gz")}
    for month in calendar.months:
        delivery = folder / month.label
        delivery.mkdir(parents=True, exist_ok=True)
        for bill in bills:
            charges = within(bill, month.start, month.end)
            if not len(charges):
                continue
            provider = charges.column("provider")[0].as_py()
            render, suffix = renders.get(provider, (vendor_file, ".csv"))
            (delivery / f"{provider.lower()}{suffix}").write_bytes(render(charges, month))

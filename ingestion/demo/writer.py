"""Writes the demo company: which files, in which order, streaming by day."""

import math
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ingestion.demo import truth
from ingestion.demo.bill_aws import aws_charges
from ingestion.demo.bill_vendors import vendor_charges
from ingestion.demo.calendar import MAX_DAYS, Calendar
from ingestion.demo.charges import within
from ingestion.demo.company import Stream, registry_table, streams
from ingestion.demo.focus import aws_file, plain_file, vendor_file
from ingestion.demo.folder import replace_demo
from ingestion.demo.kpis import kpi_table
from ingestion.demo.prices import gpu_price_table, token_price_table
from ingestion.demo.requests import TOKEN_COLUMNS, CallLog
from ingestion.demo.telemetry import Telemetry
from ingestion.demo.truth_versions import version_truth
from ingestion.errors import InputError
from ingestion.kernels import pc

Counts = dict[str, dict[str, np.ndarray]]


def write_demo(out: Path, days: int = 90, seed: int = 7, scale: float = 1.0) -> None:
    """Writes the inputs of the demo company, and what was planted in them as `truth.json`.

    The same days, seed and scale write the same bytes. The window ends on 2026-06-30 (UTC). An
    earlier demo in the folder is replaced, file by file; other files beside it stay.

    Args:
        out: Folder to write, made where it is missing.
        days: Full days, 1 to 1096.
        seed: Any non-negative number.
        scale: About how many times the request rows of the default; the company stays the same,
            its gateway sums over shorter intervals.

    Raises:
        InputError: A number out of range, or a folder that holds something else than a demo.
    """
    if not 1 <= days <= MAX_DAYS:
        raise InputError(f"demo: days must be 1 to {MAX_DAYS}, not {days}")
    if seed < 0:
        raise InputError(f"demo: seed must not be negative, not {seed}")
    if not (math.isfinite(scale) and scale > 0):
        raise InputError(f"demo: scale must be above 0, not {scale}")
    replace_demo(out, lambda folder: _write_inputs(folder, Calendar(days), seed, scale))


def _write_inputs(out: Path, calendar: Calendar, seed: int, scale: float) -> dict[str, object]:
    cast = streams(calendar)
    log = CallLog(cast, calendar, seed, scale)
    telemetry = Telemetry(calendar, cast, log.expected, seed)
    counts = _write_calls(out / "llm_requests", calendar, log)
    samples = _write_daily(out / "gpu_metrics", "dcgm", calendar, telemetry.day)
    bills = [aws_charges(calendar, seed), *vendor_charges(calendar, _by_model(cast, counts))]
    _write_bills(out / "billing", calendar, bills)
    kpis, value = kpi_table(calendar, cast, seed)
    small = {
        "product_kpis/product_kpis.csv": kpis,
        "model_registry/model_registry.csv": registry_table(calendar),
        "prices/prices.csv": token_price_table(calendar),
        "prices/gpu_prices.csv": gpu_price_table(),
    }
    for name, table in small.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_bytes(plain_file(table))
    rows = {
        "billing": sum(bill.num_rows for bill in bills),
        "llm_requests": sum(int(count["rows"].sum()) for count in counts.values()),
        "gpu_metrics": samples,
    }
    rows |= {Path(name).stem: table.num_rows for name, table in small.items()}
    charges = pa.concat_tables(bills)
    return {
        "note": truth.NOTE,
        "days": calendar.days,
        "seed": seed,
        "scale": float(scale),
        **truth.calendar_truth(calendar),
        "rows": rows,
        **truth.billing_truth(calendar, charges),
        "requests": truth.requests_truth(calendar, cast, counts),
        "gpu": truth.gpu_truth(telemetry),
        "version_changes": version_truth(calendar, cast, counts, telemetry.hosts, charges),
        "value": truth.value_truth(value),
    }


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
    _write_daily(folder, "gateway", calendar, lambda day: table(rollups, day))
    _write_daily(folder, "calls", calendar, lambda day: table(singles, day))
    return counts


def _write_daily(
    folder: Path, prefix: str, calendar: Calendar, table: Callable[[int], pa.Table]
) -> int:
    """One Parquet file per week, a row group per day; returns the rows written."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = 0
    writer: pq.ParquetWriter | None = None
    for day in range(calendar.days):
        date = calendar.day(day)
        of_day = table(day)
        if writer is None or date.weekday() == 0:
            if writer is not None:
                writer.close()
            monday = date - timedelta(days=date.weekday())
            path = folder / f"{prefix}-{monday}.parquet"
            writer = pq.ParquetWriter(path, of_day.schema, compression="zstd")
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
    """A subfolder per month, one delivery of three files."""
    for month in calendar.months:
        delivery = folder / month.label
        delivery.mkdir(parents=True, exist_ok=True)
        for bill in bills:
            charges = within(bill, month.start, month.end)
            provider = charges.column("provider")[0].as_py()
            render = aws_file if provider == "AWS" else vendor_file
            (delivery / f"{provider.lower()}.csv").write_bytes(render(charges, month))

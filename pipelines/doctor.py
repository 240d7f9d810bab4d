"""`valueops doctor`: what is there, missing, stale or broken."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

import duckdb
import pyarrow as pa
from rich.console import Console
from rich.table import Table

from ingestion import SYSTEMS
from ingestion.contracts import CONTRACTS
from ingestion.deliveries import InputFile, discover
from ingestion.errors import InputError
from ingestion.lake import Lake
from ingestion.novelty import Novelty
from pipelines import ledger as books
from pipelines.duck import open_read_only
from pipelines.exposure import role_line
from pipelines.home import HomePaths
from pipelines.terminal import HarmlessConsole

# Sources that bring something every day; prices and registries may rightly stand still.
_DAILY = ("billing", "llm_requests", "gpu_metrics", "gpu_jobs", "product_kpis")
_STALE_DAYS = 3


@dataclass(frozen=True)
class SourceState:
    """One input folder and what the lake holds of it.

    Args:
        system: The folder.
        files: Files in it; None where there is no folder.
        waiting: Files that the next refresh will load.
        rows: Rows loaded, all versions of all files.
        quarantined: Rows that broke their contract.
        incomplete: Files of which the newest version could not be read to its end.
        newest: The newest time in the published warehouse.
    """

    system: str
    files: int | None
    waiting: int
    rows: int
    quarantined: int
    incomplete: tuple[str, ...]
    newest: datetime | None


@dataclass
class Findings:
    """What the examination found.

    Args:
        sources: One per input folder.
        lines: Facts about the home folder.
        broken: What somebody must put right; the exit code is 1 when there is any.
    """

    sources: list[SourceState] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)


def examine(inputs: Path, paths: HomePaths, out: TextIO) -> int:
    """Looks at everything, changes nothing, and says what it saw.

    Args:
        inputs: The inputs folder.
        paths: The home folder.
        out: Where to write.

    Returns:
        0, or 1 when something is broken.
    """
    findings = Findings()
    if not inputs.is_dir():
        findings.broken.append(f"inputs folder {inputs} does not exist")
    newest = _look_at_warehouse(paths, findings)
    ledger = _look_at_lake(paths, findings)
    for system in SYSTEMS:
        try:
            findings.sources.append(source_state(system, inputs, ledger, newest))
        except InputError as error:
            findings.broken.append(str(error))
    for source in findings.sources:
        findings.broken += [
            f"{file} could not be read to its end: {why}" for file, why in _reasons(source, ledger)
        ]
    if line := role_line(paths):
        findings.lines.append(line)
    _look_at_last_run(paths, findings)
    _write(inputs, paths, findings, HarmlessConsole(file=out, highlight=False))
    return 1 if findings.broken else 0


def source_state(
    system: str, inputs: Path, ledger: pa.Table, newest: dict[str, datetime]
) -> SourceState:
    """What one input folder holds, beside what the lake has of it.

    Args:
        system: The folder's name.
        inputs: The inputs folder.
        ledger: The load ledger.
        newest: The newest time by lake table.

    Raises:
        InputError: The folder is a file, or a file cannot be read.
    """
    found = discover(system, inputs) if (inputs / system).exists() else None
    own = books.rows_of(ledger, SYSTEMS[system])
    last = {row["file"]: row for row in own}
    return SourceState(
        system=system,
        files=None if found is None else len(found),
        waiting=_waiting(found or [], ledger),
        rows=sum(row["rows_loaded"] for row in own),
        quarantined=sum(row["rows_quarantined"] for row in own),
        incomplete=tuple(file for file, row in last.items() if not row["is_complete"]),
        newest=max((newest[table] for table in SYSTEMS[system] if table in newest), default=None),
    )


def note_of(source: SourceState, others: list[SourceState]) -> str:
    """What to know about a source, in a few words; empty when all is well.

    Args:
        source: The source.
        others: All sources: stale means behind the newest of those that bring something daily.
    """
    notes = []
    if source.files is None:
        notes.append("no folder, its marts stay empty")
    elif not source.files:
        notes.append("no files, its marts stay empty")
    if source.waiting:
        notes.append(f"{source.waiting} new: valueops refresh")
    ends = [other.newest for other in others if other.system in _DAILY and other.newest]
    if source.system in _DAILY and source.newest and ends:
        behind = (max(ends) - source.newest).days
        if behind > _STALE_DAYS:
            notes.append(f"stale: {behind} days behind the newest source")
    return "; ".join(notes)


def _look_at_warehouse(paths: HomePaths, findings: Findings) -> dict[str, datetime]:
    if not paths.warehouse.exists():
        findings.lines.append("warehouse   none yet: valueops refresh")
        return {}
    try:
        with open_read_only(paths.warehouse) as warehouse:
            as_of = warehouse.table("ops.build_info").select("as_of_date").fetchall()
            freshness = warehouse.table("ops.source_freshness").select("source", "newest_at")
            newest = {source: at for source, at in freshness.fetchall() if at is not None}
    except duckdb.Error as error:
        findings.broken.append(f"warehouse {paths.warehouse} cannot be read: {_line(error)}")
        return {}
    size = paths.warehouse.stat().st_size / 2**20
    at = datetime.fromtimestamp(paths.warehouse.stat().st_mtime, UTC)
    day = as_of[0][0] if as_of else None
    findings.lines.append(
        f"warehouse   {size:,.1f} MiB, published {at:%Y-%m-%d %H:%M} UTC, "
        f"billing up to {day or '(none)'}"
    )
    return newest


def _look_at_lake(paths: HomePaths, findings: Findings) -> pa.Table:
    """The load ledger; empty before the first load, and when the lake is broken."""
    lake = Lake(paths.root)
    try:
        ledger = lake.ledger()
        files = lake.files()
        size = lake.size_bytes() / 2**20
        where = f" in {lake.place.url}" if lake.place.bucket_url else ""
    except (pa.ArrowException, OSError, ValueError, InputError) as error:
        findings.broken.append(f"lake of {paths.root} cannot be read: {_line(error)}")
        return CONTRACTS["load_ledger"].empty()
    findings.lines.append(
        f"lake        {len(ledger):,} file versions loaded, {len(files):,} Parquet files, "
        f"{size:,.1f} MiB{where}"
    )
    findings.broken += books.unbalanced(ledger)
    return ledger


def _look_at_last_run(paths: HomePaths, findings: Findings) -> None:
    if not (paths.dagster / "history").is_dir():
        findings.lines.append("last run    none yet")
        return
    # Dagster takes seconds to import; a home that never ran needs none of it.
    import dagster as dg

    with dg.DagsterInstance.from_config(str(paths.dagster)) as instance:
        records = instance.get_run_records(limit=1)
    if not records:
        findings.lines.append("last run    none yet")
        return
    run = records[0].dagster_run
    at = records[0].create_timestamp
    findings.lines.append(
        f"last run    {run.status.value.lower()}, started {at:%Y-%m-%d %H:%M} UTC ({run.run_id})"
    )
    if run.status == dg.DagsterRunStatus.FAILURE:
        findings.broken.append(f"the last refresh failed; its log is the newest in {paths.logs}")


def _write(inputs: Path, paths: HomePaths, findings: Findings, console: Console) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("source")
    for name in ("files", "rows", "quarantined"):
        table.add_column(name, justify="right")
    table.add_column("newest")
    table.add_column("")
    for source in findings.sources:
        table.add_row(
            source.system,
            "-" if source.files is None else f"{source.files:,}",
            f"{source.rows:,}",
            f"{source.quarantined:,}",
            f"{source.newest:%Y-%m-%d %H:%M}" if source.newest else "-",
            note_of(source, findings.sources),
        )
    console.print(f"inputs {inputs}", markup=False, soft_wrap=True)
    console.print(table)
    console.print(f"\nhome {paths.root}", markup=False, soft_wrap=True)
    for line in findings.lines:
        console.print(line, markup=False, soft_wrap=True)
    for problem in findings.broken:
        console.print(f"broken: {problem}", markup=False, soft_wrap=True)
    if not findings.broken:
        console.print("nothing is broken")


def _reasons(source: SourceState, ledger: pa.Table) -> list[tuple[str, str]]:
    messages = {
        row["file"]: row["message"] for row in books.rows_of(ledger, SYSTEMS[source.system])
    }
    return [(file, messages.get(file) or "no reason given") for file in source.incomplete]


def _waiting(files: list[InputFile], ledger: pa.Table) -> int:
    """How many file versions a refresh would load; reads only files that have changed."""
    novelty, count = Novelty(files, ledger), 0
    for new in novelty.new_files():
        novelty.loaded(new, is_complete=True)
        count += 1
    return count


def _line(error: Exception) -> str:
    return " ".join(str(error).split())

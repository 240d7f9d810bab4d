"""`python -m benchmarks [--short]`: every claim of speed, measured side by side in one run."""

import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from benchmarks.comparisons import Bench, Row
from benchmarks.data import Size

_FOLDER = Path(".valueops/bench")
_RESULTS = Path(__file__).with_name("RESULTS.md")
FULL = Size(days=90, spacing_s=5, calls_per_day=111_112)
SHORT = Size(days=2, spacing_s=60, calls_per_day=2_000)


def main(
    short: Annotated[bool, typer.Option(help="Small inputs: does it run, do both agree?")] = False,
) -> None:
    """Run every comparison and print the table; the full form also writes RESULTS.md."""
    console = Console(width=None if Console().is_terminal else 180)
    size, ingest_days, attempts = (SHORT, 2, 1) if short else (FULL, 18, 3)
    folder = (_FOLDER / ("short" if short else "full")).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    bench = Bench(
        folder, size, ingest_days, attempts, lambda text: console.print(f"[dim]{text}[/dim]")
    )
    rows = bench.run_all()
    console.print(_table(rows))
    if short:
        console.print(
            "small inputs: start-up is most of these seconds, and the ratios mean nothing"
        )
    else:
        _RESULTS.write_text(_markdown(rows), encoding="utf-8")
        console.print(f"written to {_RESULTS}")


def _cells(row: Row) -> tuple[str, ...]:
    verdict = "met" if row.ratio <= row.target else "missed"
    return (
        row.what,
        f"{row.rows:,}",
        f"{row.ours:.1f}",
        f"{row.other:.1f}",
        f"{row.ratio:.2f}",
        f"{row.target:.2f}",
        verdict,
        f"{row.peak_bytes / 2**30:.2f}",
        row.note,
    )


_HEADINGS = (
    "ours / other", "rows", "ours s", "other s", "ratio", "target", "", "peak GiB", "apart",
)  # fmt: skip


def _table(rows: list[Row]) -> Table:
    table = Table(header_style="bold")
    for number, heading in enumerate(_HEADINGS):
        table.add_column(heading, justify="left" if number in (0, 6, 8) else "right")
    for row in rows:
        table.add_row(*_cells(row))
    return table


def _markdown(rows: list[Row]) -> str:
    lines = [
        "# Measured",
        "",
        f"{datetime.now(UTC):%Y-%m-%d}, {machine()}. `make bench` writes this file;"
        " [README.md](README.md) says how it measures and what the targets mean.",
        "",
        "| " + " | ".join(_HEADINGS) + " |",
        "| --- | ---: | ---: | ---: | ---: | ---: | --- | ---: | --- |",
        *("| " + " | ".join(_cells(row)) + " |" for row in rows),
    ]
    return "\n".join(lines) + "\n"


def machine() -> str:
    """Processor, cores and memory, as the system tells them."""
    info = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    models = [line.split(":", 1)[1].strip() for line in info if line.startswith("model name")]
    memory = Path("/proc/meminfo").read_text(encoding="utf-8").split()
    gib = int(memory[1]) / 2**20
    name = models[0] if models else platform.machine()
    return f"{len(models)} cores of {name}, {gib:.0f} GiB, Python {platform.python_version()}"


if __name__ == "__main__":
    typer.run(main)

"""`python -m benchmarks.readers`: many readers while real refreshes publish; writes READERS.md."""

import csv
import platform
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.warehouse_reader import Reading, readings

_FOLDER = Path(".valueops/bench/readers")
_RESULTS = Path(__file__).with_name("READERS.md")
_COSTS = ("BilledCost", "EffectiveCost", "ListCost")
_VALUEOPS = (sys.executable, "-c", "from pipelines.cli import app; app()")


def main(
    readers: Annotated[int, typer.Option(help="Processes that read.")] = 20,
    refreshes: Annotated[int, typer.Option(help="Refreshes that publish meanwhile.")] = 5,
    days: Annotated[int, typer.Option(help="Days of the demo company.")] = 35,
    scale: Annotated[float, typer.Option(help="Its telemetry and calls, 1 is usual.")] = 0.05,
    pause_s: Annotated[float, typer.Option(help="Seconds between two looks of a reader.")] = 2.0,
) -> None:
    """Let readers look at a home that is refreshed again and again.

    Each refresh gets a month of the bill delivered once more, with another cost on it: every
    snapshot has other sums, and a mixture of two would show.
    """
    folder = _FOLDER.resolve()
    shutil.rmtree(folder, ignore_errors=True)
    inputs, home, results = folder / "inputs", folder / "home", folder / "results"
    results.mkdir(parents=True)
    _run("demo", "--out", str(inputs), "--days", str(days), "--scale", str(scale))
    _run("refresh", "--inputs", str(inputs), "--home", str(home))
    warehouse, stop = home / "warehouse.duckdb", folder / "stop"
    command = [sys.executable, "-m", "benchmarks.warehouse_reader"]
    began = time.monotonic()
    with subprocess.Popen([*command, warehouse, str(readers), stop, results, str(pause_s)]):
        try:
            for number in range(1, refreshes + 1):
                deliver_again(inputs / "billing", number)
                _run("refresh", "--inputs", str(inputs), "--home", str(home))
                typer.echo(f"refresh {number} of {refreshes}")
        finally:
            stop.touch()
    seen = readings(results)
    report = markdown(seen, refreshes, time.monotonic() - began, warehouse.stat().st_size / 2**20)
    _RESULTS.write_text(report, encoding="utf-8")
    typer.echo(report)
    is_whole = len(seen) == readers and not any(one.failures or one.torn for one in seen)
    raise typer.Exit(0 if is_whole else 1)


def deliver_again(billing: Path, number: int) -> None:
    """Delivers the newest folder once more, with another cost in the first row of its first file.

    Args:
        billing: The folder of deliveries.
        number: Which restatement: the folder is named after it, and the cost is as many dollars.
    """
    newest = sorted(path for path in billing.iterdir() if "restated" not in path.name)[-1]
    copy = billing / f"{newest.name}-restated-{number:02}"
    shutil.copytree(newest, copy)
    file = sorted(copy.glob("*.csv"))[0]
    with file.open(newline="", encoding="utf-8") as lines:
        header, first, *rest = csv.reader(lines)
    restated = [
        f"{number}.01" if name in _COSTS else value
        for name, value in zip(header, first, strict=True)
    ]
    with file.open("w", newline="", encoding="utf-8") as lines:
        csv.writer(lines).writerows([header, restated, *rest])


def markdown(seen: list[Reading], refreshes: int, seconds: float, size_mib: float) -> str:
    """The results as a page."""
    queries = sum(one.queries for one in seen)
    spent = sum(one.total_s for one in seen)
    rows = {
        "readers, each a process": f"{len(seen)}",
        "refreshes that published meanwhile": f"{refreshes} in {seconds:,.0f} s",
        "size of the warehouse": f"{size_mib:,.0f} MiB",
        "checks of conservation answered": f"{queries:,}",
        "failed opens and queries": f"{sum(len(one.failures) for one in seen)}",
        "snapshots in which mart and bill differ": f"{sum(len(one.torn) for one in seen)}",
        "warehouses each reader saw": f"{min((len(set(o.snapshots)) for o in seen), default=0)} "
        f"to {max((len(set(o.snapshots)) for o in seen), default=0)}",
        "a look on average, opening included": f"{spent / max(queries, 1):.3f} s",
        "the slowest look": f"{max((one.slowest_s for one in seen), default=0):.2f} s",
    }
    lines = [f"| {name} | {value} |" for name, value in rows.items()]
    machine = f"{platform.machine()}, Python {platform.python_version()}"
    return "\n".join(
        [
            "# Readers during refreshes",
            "",
            "What `python -m benchmarks.readers` saw: each reader opens the published file "
            "read-only, opens it",
            "again when it is another file, and compares bill and cost mart per provider, account, "
            "period and",
            "currency, to the last digit, in every snapshot.",
            "",
            f"{datetime.now(UTC):%Y-%m-%d}, {machine}.",
            "",
            "| what | |",
            "| --- | --- |",
            *lines,
            "",
        ]
    )


def _run(*arguments: str) -> None:
    done = subprocess.run([*_VALUEOPS, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise typer.Exit(_told(done))


def _told(done: "subprocess.CompletedProcess[str]") -> int:
    typer.echo(f"{done.stdout[-2000:]}\n{done.stderr}", err=True)
    return done.returncode


if __name__ == "__main__":
    typer.run(main)

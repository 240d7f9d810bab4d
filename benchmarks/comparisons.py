"""The comparisons: both sides one after the other in the same run, in processes apart."""

import json
import os
import re
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from benchmarks.data import Size, write_day, write_inputs
from benchmarks.dbt import dbt
from benchmarks.gate import LARGE, SMALL, ask, fill
from benchmarks.measure import Measured, run
from pipelines.forecasting.sources import SELECTORS as FORECAST_SELECTORS

_ROOT = Path(__file__).parents[1]
_BIN = Path(sys.executable).parent
_PYTHON = sys.executable
# Less has no history to be flat over.
_WEEK = 7
Say = Callable[[str], None]


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Args:
        what: What is compared with what.
        rows: Rows worked on.
        ours: Our side's seconds.
        other: The other side's seconds.
        ratio: Ours over the other's.
        target: The largest ratio that is good enough.
        peak_bytes: Our side's peak memory.
        note: What is reported apart.
    """

    what: str
    rows: int
    ours: float
    other: float
    target: float
    peak_bytes: int
    note: str = ""

    @property
    def ratio(self) -> float:
        """Our seconds over the other side's."""
        return self.ours / self.other


@dataclass
class Bench:
    """A run of all comparisons.

    Args:
        folder: Inputs and homes, kept from run to run.
        size: Size of the warehouse comparisons.
        ingest_days: Days of telemetry of the ingestion comparison.
        attempts: How often it is repeated; the median counts.
        say: Told what is being done.
    """

    folder: Path
    size: Size
    ingest_days: int
    attempts: int
    say: Say
    rows: list[Row] = field(default_factory=list)

    @property
    def inputs(self) -> Path:
        """The inputs of every comparison."""
        return self.folder / "inputs"

    def run_all(self) -> list[Row]:
        """Every comparison.

        Raises:
            RuntimeError: A side failed, or the two sides do not agree.
        """
        self.say("writing inputs")
        write_inputs(self.inputs, self.size)
        self.ingestion()
        home = self.folder / "home"
        self.warehouse(home)
        self.one_more_day(home)
        self.whole_refresh()
        self.gate()
        return self.rows

    def ingestion(self) -> None:
        """Telemetry through validation into the lake, against a plain copy of the same files."""
        inputs, home, copy = (self.folder / name for name in ("some", "some-home", "some-copy"))
        files = self._first_days(inputs, self.ingest_days, ("gpu_metrics",))
        startup = self._ingestion_startup()
        ours, other = [], []
        for attempt in range(self.attempts):
            self.say(f"ingestion, {attempt + 1} of {self.attempts}")
            shutil.rmtree(home, ignore_errors=True)
            shutil.rmtree(copy, ignore_errors=True)
            other.append(_python("benchmarks.plain_copy", inputs / "gpu_metrics", copy))
            ours.append(_python("benchmarks.ingest", inputs, home, "gpu_metrics"))
        middle = self.attempts // 2
        mine, theirs = (sorted(side, key=lambda m: m.seconds)[middle] for side in (ours, other))
        rows = files * 64 * (86_400 // self.size.spacing_s)
        self.rows.append(
            Row(
                "GPU samples through validation into the lake / plain pyarrow copy",
                rows, mine.seconds - startup, theirs.seconds, 1.3, mine.peak_bytes,
                f"median of {self.attempts}; start-up {startup:.1f} s apart; "
                f"copy {_gib(theirs.peak_bytes)}",
            )
        )  # fmt: skip

    def _ingestion_startup(self) -> float:
        """Seconds to load an empty folder, median of three: imports, dlt's opening."""
        nothing, home = self.folder / "nothing", self.folder / "nothing-home"
        seconds = []
        for _ in range(3):
            _fresh(nothing / "gpu_metrics")
            shutil.rmtree(home, ignore_errors=True)
            seconds.append(_python("benchmarks.ingest", nothing, home, "gpu_metrics").seconds)
        return sorted(seconds)[1]

    def _first_days(self, folder: Path, days: int, systems: tuple[str, ...]) -> int:
        """Link the first days of the inputs into a folder of their own; the days there are."""
        shutil.rmtree(folder, ignore_errors=True)
        for system in systems:
            files = sorted(path for path in (self.inputs / system).rglob("*") if path.is_file())
            for path in files[:days]:
                target = folder / path.relative_to(self.inputs)
                target.parent.mkdir(parents=True, exist_ok=True)
                os.link(path, target)
        return min(days, self.size.days)

    def warehouse(self, home: Path) -> None:
        """`dbt build` with its tests from nothing, against the script by hand, on the same lake."""
        self.say("loading the lake")
        shutil.rmtree(home, ignore_errors=True)
        _python("benchmarks.ingest", self.inputs, home)
        database = self.folder / "by-hand.duckdb"
        self.say("the marts by hand")
        theirs = _python("benchmarks.by_hand", home / "lake", database)
        self.say("dbt build with its tests")
        mine, startup = self._dbt_build(home)
        self._agree(home, database)
        quarter = self._a_quarter() if self.size.days >= _WEEK else ""
        self.rows.append(
            Row(
                "dbt build with its tests / one script by hand",
                self.size.samples + self.size.calls, mine.seconds - startup, theirs.seconds, 1.5,
                mine.peak_bytes,
                f"dbt's start-up {startup:.1f} s apart; by hand {_gib(theirs.peak_bytes)}"
                + quarter,
            )
        )  # fmt: skip

    def _a_quarter(self) -> str:
        """The peak memory of building a quarter of the days, in words."""
        self.say("dbt build of a quarter of the days")
        inputs, home = self.folder / "quarter", self.folder / "quarter-home"
        shutil.rmtree(home, ignore_errors=True)
        systems = ("gpu_metrics", "llm_requests", "billing", "prices", "model_registry")
        days = self._first_days(inputs, self.size.days // 4, systems)
        _python("benchmarks.ingest", inputs, home)
        peak = _gib(self._dbt_build(home)[0].peak_bytes)
        return f"; ours for {days} of the {self.size.days} days {peak}"

    def one_more_day(self, home: Path) -> None:
        """One day added to the warehouse, against building the whole of it."""
        full = self.rows[-1]
        added = write_day(self.inputs, self.size, self.size.days)
        try:
            self.say("one more day")
            _python("benchmarks.ingest", self.inputs, home)
            mine, startup = self._dbt_build(home)
        finally:
            for path in added:
                path.unlink()
        copied = _copy_seconds(home / "warehouse.duckdb")
        self.rows.append(
            Row(
                "dbt build after one added day / full dbt build",
                self.size.samples // self.size.days, mine.seconds - startup, full.ours, 0.05,
                mine.peak_bytes,
                f"start-up {startup:.1f} s and file copy {copied:.1f} s apart; "
                f"full build {_gib(full.peak_bytes)}",
            )
        )  # fmt: skip

    def whole_refresh(self) -> None:
        """`valueops refresh` from nothing, against the sum of the steps that it reports."""
        home = self.folder / "refresh-home"
        shutil.rmtree(home, ignore_errors=True)
        self.say("a whole refresh")
        mine = run([_BIN / "valueops", "refresh", "--inputs", self.inputs, "--home", home])
        steps = [float(found) for found in re.findall(r"done +([0-9.]+) s", mine.output)]
        self.rows.append(
            Row(
                "whole refresh / sum of its steps",
                self.size.samples + self.size.calls, mine.seconds, sum(steps), 1.2,
                mine.peak_bytes, f"{len(steps)} steps, forecasts and reports among them",
            )
        )  # fmt: skip

    def gate(self) -> None:
        """`valueops gate` on a warehouse as after years, against two seconds."""
        is_large = self.size.days >= _WEEK
        home = self.folder / "gate-home"
        self.say("the deploy gate")
        fill(self.folder / "refresh-home/warehouse.duckdb", home, LARGE if is_large else SMALL)
        mine = ask(home)
        shutil.rmtree(home)
        self.rows.append(
            Row(
                "an answer of the deploy gate / two seconds",
                mine.versions, mine.slowest.seconds, 2.0, 1.0, mine.slowest.peak_bytes,
                f"the slowest of {mine.answers}; a warehouse of {_gib(mine.size_bytes)}",
            )
        )  # fmt: skip

    def _dbt_build(self, home: Path) -> tuple[Measured, float]:
        """What a build took, and how much of it dbt needed before its first node."""
        measured = dbt(
            "build", "--exclude-resource-type", "unit_test", "--exclude", *FORECAST_SELECTORS,
            "--no-partial-parse",
            lake=home / "lake", build=home / "warehouse.duckdb", target=home / "target",
        )  # fmt: skip
        results = json.loads((home / "target/run_results.json").read_text(encoding="utf-8"))
        return measured, measured.seconds - results["elapsed_time"]

    def _agree(self, home: Path, database: Path) -> None:
        query = (Path(__file__).with_name("sql") / "differences.sql").read_text(encoding="utf-8")
        with duckdb.connect() as connection:
            connection.execute(f"attach '{home / 'warehouse.duckdb'}' as dbt (read_only)")
            connection.execute(f"attach '{database}' as hand (read_only)")
            different = [row for row in connection.sql(query).fetchall() if row[1]]
        if different:
            raise RuntimeError(f"the two sides do not agree: {different}")


def _python(module: str, *arguments: Path | str) -> Measured:
    return run([_PYTHON, "-m", module, *arguments], env={"PYTHONPATH": str(_ROOT)})


def _fresh(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def _copy_seconds(path: Path) -> float:
    target = path.with_suffix(".copy")
    try:
        return run(["cp", path, target]).seconds
    finally:
        target.unlink(missing_ok=True)


def _gib(size: int) -> str:
    return f"{size / 2**30:.2f} GiB"

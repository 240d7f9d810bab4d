"""The deploy gate on a warehouse as after years: a published one, filled up to so many bytes."""

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb

from benchmarks.by_hand import SETTINGS
from benchmarks.measure import Measured, run

LARGE, SMALL = 10 << 30, 100 << 20
_SCRIPT = Path(__file__).with_name("sql") / "filled.sql"
_GATE = Path(sys.executable).with_name("valueops")
_MILLION_BYTES = 70_000_000
_COPIES = 1_000
_ASKED = 5


@dataclass(frozen=True)
class GateRuns:
    """The gate asked about each version in turn.

    Attributes:
        slowest: What the slowest answer took.
        answers: How many there were.
        size_bytes: Of the warehouse.
        versions: In it.
    """

    slowest: Measured
    answers: int
    size_bytes: int
    versions: int


def fill(published: Path, home: Path, size_bytes: int) -> None:
    """Copy a published warehouse into a home and fill it up.

    Args:
        published: The warehouse to begin with.
        home: Where the filled one goes; made anew.
        size_bytes: How large it shall at least be.
    """
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    shutil.copyfile(published, home / "warehouse.duckdb")
    missing = max(size_bytes - published.stat().st_size, 0)
    with duckdb.connect(home / "warehouse.duckdb", config=SETTINGS) as connection:
        connection.execute("set variable copies = ?", [_COPIES])
        connection.execute("set variable millions = ?", [-(-missing // _MILLION_BYTES)])
        connection.execute(_SCRIPT.read_text(encoding="utf-8"))


def ask(home: Path) -> GateRuns:
    """Ask the gate about every version of the warehouse that was filled up.

    Raises:
        RuntimeError: The gate ended with an error.
    """
    warehouse = home / "warehouse.duckdb"
    with duckdb.connect(warehouse, read_only=True) as connection:
        rates = connection.table("marts.fct_version_run_rates")
        versions = len(rates)
        known = connection.table("marts.dim_model_version")
        asked = known.filter("model_name <> 'unattributed'").order("all").limit(_ASKED)
        names = asked.select("model_name", "model_version").fetchall()
    # 3 and 4 are answers too
    shell = '"$@"; code=$?; [ $code -ne 1 ]'
    taken = [
        run(["sh", "-c", shell, "sh", _GATE, "gate", "--home", home, "--model", m, "--version", v])
        for m, v in names
    ]
    slowest = max(taken, key=lambda one: one.seconds)
    return GateRuns(slowest, len(taken), warehouse.stat().st_size, versions)

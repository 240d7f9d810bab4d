"""Seconds and memory of the whole forecast path, against serial default Prophet."""

import os
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace

from benchmarks.measure import run

SERIES, MORE, MOST = 200, 800, 10_000
_SHORT = (4, 8)
_SECONDS = re.compile(r"^seconds ([0-9.]+)$", re.MULTILINE)
_INPUT = re.compile(r"^input ([0-9.]+)$", re.MULTILINE)
_RATIO, _MINUTES, _FLAT = 0.10, 30.0, 1.25


@dataclass(frozen=True)
class Speed:
    """One line of the speed table.

    Attributes:
        side: Who forecasts.
        series: How many series.
        seconds: Of the forecast, without imports.
        cpu_seconds: Of the whole process tree, with imports; others at work distort them less.
        peak_mib: Largest resident memory of the process tree, with imports and input.
        input_mib: Of it, what was there before the first forecast: imports and the series.
        target: What was wanted, and whether it was reached.
    """

    side: str
    series: int
    seconds: float
    cpu_seconds: float
    peak_mib: float
    input_mib: float | None = None
    target: str = ""

    @property
    def own_mib(self) -> float:
        """Memory that forecasting took beside its input."""
        return self.peak_mib - (self.input_mib or 0.0)


def measure(short: bool, ten_thousand: bool, say: Callable[[str], None]) -> list[Speed]:
    """Run each side in a process of its own, one after the other.

    Raises:
        RuntimeError: A side failed.
    """
    few, many = _SHORT if short else (SERIES, MORE)
    say(f"default Prophet on {few} series")
    theirs = _side("prophet", few)
    say(f"the forecast path on {few} series")
    mine = _side("ours", few)
    say(f"the forecast path on {many} series")
    more = _side("ours", many)
    ratio, growth = mine.seconds / theirs.seconds, more.own_mib / mine.own_mib
    rows = [
        theirs,
        _with(mine, f"{ratio:.2f} of default Prophet's seconds, wanted {_RATIO}", ratio <= _RATIO),
        _with(
            more, f"{growth:.2f} of {few}'s memory beyond input, wanted {_FLAT}", growth <= _FLAT
        ),
    ]
    if ten_thousand:
        say(f"the forecast path on {MOST} series")
        most = _side("ours", MOST)
        minutes = most.seconds / 60.0
        wanted = f"{minutes:.0f} minutes on {os.cpu_count()} cores, wanted {_MINUTES:.0f}"
        rows.append(_with(most, wanted, minutes <= _MINUTES))
    return rows


def speed_lines(rows: list[Speed]) -> list[str]:
    """The speed table in Markdown."""
    return [
        "| side | series | seconds | per series | processor seconds | peak MiB | input MiB "
        "| target |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |",
        *(
            f"| {row.side} | {row.series:,} | {row.seconds:.1f} "
            f"| {row.seconds / row.series:.3f} | {row.cpu_seconds:.1f} | {row.peak_mib:.0f} "
            f"| {'' if row.input_mib is None else f'{row.input_mib:.0f}'} | {row.target} |"
            for row in rows
        ),
    ]


def _side(name: str, series: int) -> Speed:
    done = run([sys.executable, "-m", "benchmarks.forecasts.speed_side", name, str(series)])
    found = _SECONDS.search(done.output)
    if found is None:
        raise RuntimeError(f"{name} printed no seconds:\n{done.output[-2000:]}")
    side = "default Prophet" if name == "prophet" else "forecast path"
    there = _INPUT.search(done.output)
    return Speed(
        side,
        series,
        float(found.group(1)),
        done.cpu_seconds,
        done.peak_bytes / 2**20,
        float(there.group(1)) if there else None,
    )


def _with(row: Speed, wanted: str, met: bool) -> Speed:
    return replace(row, target=f"{wanted}: {'met' if met else 'missed'}")

"""`python -m benchmarks.forecasts`: how good the forecasts are, and how fast.

`--series FILE` measures series of your own (CSV or Parquet: family, unique_id, ds, y).
"""

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from benchmarks.__main__ import machine
from benchmarks.forecasts.burst_scores import burst_rows, burst_table
from benchmarks.forecasts.contestants import SHIPPED, Contestant, contestants, run
from benchmarks.forecasts.folds import CUTOFFS, Fold, folds
from benchmarks.forecasts.scores import score
from benchmarks.forecasts.series import DATA, read_series, real_series
from benchmarks.forecasts.speed import Speed, measure, speed_lines
from benchmarks.forecasts.table import family_lines, overall_lines, target_lines, targets

_RESULTS = Path(__file__).parents[1] / "FORECASTS.md"
_SHORT_SERIES = 2


def main(
    short: Annotated[bool, typer.Option(help="Few series, one cutoff: does it run?")] = False,
    series: Annotated[Path | None, typer.Option(help="CSV or Parquet of your own.")] = None,
    cutoffs: Annotated[int, typer.Option(help="Cutoffs per family.")] = CUTOFFS,
    models: Annotated[str, typer.Option(help="Contestants, comma separated; all by default.")] = "",
    speed: Annotated[bool, typer.Option(help="Measure seconds and memory too.")] = True,
    ten_thousand: Annotated[bool, typer.Option(help="Also time 10,000 series.")] = False,
    out: Annotated[Path | None, typer.Option(help="Write the tables there.")] = None,
    details: Annotated[Path | None, typer.Option(help="Write every fold's sums (CSV).")] = None,
) -> None:
    """Measure and print; a full run over the real series writes benchmarks/FORECASTS.md."""
    frame = real_series() if series is None else read_series(series)
    if frame.empty:
        raise typer.BadParameter(f"no series in {DATA}; name a file with --series")
    if short:
        frame, cutoffs = _few(frame), 1
    chosen = contestants([name for name in models.split(",") if name])
    found = measure_folds(list(folds(frame, cutoffs)), chosen)
    timed = measure(short, ten_thousand, _say) if speed else []
    text = report(frame, found, timed)
    sys.stdout.write(text)
    if details is not None:
        found.scores.to_csv(details, index=False)
    whole = series is None and not (short or models) and speed
    target = out or (_RESULTS if whole else None)
    if target is not None:
        target.write_text(text, encoding="utf-8")


@dataclass(frozen=True)
class Found:
    """What a run of the folds found.

    Attributes:
        scores: Rows of `scores.score`.
        bursts: Rows of `burst_scores.burst_rows`, on the shipped forecast; may be empty.
        seconds: Of each contestant over all folds; the shipped path's hold all its models.
    """

    scores: pd.DataFrame
    bursts: pd.DataFrame
    seconds: dict[str, float]


def measure_folds(cuts: Sequence[Fold], chosen: Sequence[Contestant]) -> Found:
    """Let every contestant forecast every fold."""
    rows: list[pd.DataFrame] = []
    bursts: list[pd.DataFrame] = []
    seconds = {one.name: 0.0 for one in chosen}
    for fold in cuts:
        for one in chosen:
            _say(f"{fold.family} up to {fold.cutoff}: {one.name}")
            began = time.perf_counter()
            found = list(run(one, fold.past, fold.horizon))
            seconds[one.name] += time.perf_counter() - began
            rows += [score(fold, name, quantiles) for name, quantiles in found]
            bursts += [burst_rows(fold, made) for name, made in found if name == SHIPPED]
    scores = pd.concat(rows, ignore_index=True)
    scores = scores.drop_duplicates(["family", "unique_id", "cutoff", "model"])
    return Found(scores, pd.concat(bursts) if bursts else pd.DataFrame(), seconds)


def report(frame: pd.DataFrame, measured: Found, timed: list[Speed]) -> str:
    """All tables as one page."""
    scores, seconds = measured.scores, measured.seconds
    lines = [
        "# Forecasts measured",
        "",
        f"{datetime.now(UTC):%Y-%m-%d}, {machine()}. `make forecast-bench` writes this page;"
        " [README.md](README.md#forecasts) says how it measures.",
        "",
        *_inventory(frame, scores),
    ]
    found = targets(scores)
    if found:
        lines += ["", "## Targets", "", *target_lines(found)]
    lines += ["", "## Against the references", "", *overall_lines(scores, seconds)]
    lines += ["", "## By family", "", *family_lines(scores)]
    if not measured.bursts.empty:
        lines += ["", "## Bursts", "", *burst_table(measured.bursts)]
    if timed:
        lines += ["", "## Speed and memory", "", *speed_lines(timed)]
    return "\n".join(lines) + "\n"


def _inventory(frame: pd.DataFrame, scores: pd.DataFrame) -> list[str]:
    """What was measured on, one line per family."""
    lines = ["| family | series | hours | cutoffs | hours ahead |", "| --- |" + " ---: |" * 4]
    for family, rows in scores.groupby("family", sort=True):
        of_family = frame[frame["family"] == family]
        hours = (of_family["ds"].max() - of_family["ds"].min()) // pd.Timedelta(hours=1) + 1
        counts = (rows["unique_id"].nunique(), hours, rows["cutoff"].nunique())
        ahead = int(rows["hours"].max())
        lines.append(f"| {family} | " + " | ".join(map(str, (*counts, ahead))) + " |")
    return lines


def _few(frame: pd.DataFrame) -> pd.DataFrame:
    """The first series of each family."""
    ids = frame.groupby("family")["unique_id"].transform(lambda c: c.map(_places(c)))
    return frame[ids.astype(int) < _SHORT_SERIES]


def _places(ids: pd.Series) -> dict[str, int]:
    return {name: place for place, name in enumerate(sorted(ids.unique()))}


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    typer.run(main)

"""The bench's tables in Markdown: figures by family, ratios overall, and the targets."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from benchmarks.forecasts.contestants import DEFAULT_PROPHET, SEASONAL_NAIVE, SHIPPED
from benchmarks.forecasts.scores import FIGURES, LOSSES
from benchmarks.forecasts.significance import Ratio, ratio

REFERENCES = (SEASONAL_NAIVE, DEFAULT_PROPHET)


@dataclass(frozen=True)
class Target:
    """What a figure must reach.

    Attributes:
        what: In words.
        value: Measured.
        wanted: The bounds in words.
        met: Whether it is within them.
        interval: The bootstrap's, in words.
    """

    what: str
    value: float
    wanted: str
    met: bool
    interval: str = ""


def by_series(scores: pd.DataFrame) -> pd.DataFrame:
    """Pool the cutoffs of each series.

    Returns:
        Columns family, unique_id, model and `FIGURES`; NaN where the denominator is 0.
    """
    keys = ["family", "unique_id", "model"]
    sums = scores.groupby(keys, sort=True)[sorted({c for pair in FIGURES.values() for c in pair})]
    pooled = sums.sum()
    figures = {
        name: pooled[above] / pooled[below].where(pooled[below] > 0.0)
        for name, (above, below) in FIGURES.items()
    }
    return pd.DataFrame(figures).reset_index()


def by_family(scores: pd.DataFrame) -> pd.DataFrame:
    """Means over the series of a family: columns family, model and `FIGURES`."""
    rows = by_series(scores).drop(columns="unique_id")
    return rows.groupby(["family", "model"], sort=True).mean().reset_index()


def targets(scores: pd.DataFrame) -> list[Target]:
    """Compare the shipped path with what was asked of it; nothing where one is not measured."""
    if not {SHIPPED, *REFERENCES} <= set(scores["model"]):
        return []
    found = [
        _ratio_target(scores, "wape", SEASONAL_NAIVE, 0.74),
        _ratio_target(scores, "wape", DEFAULT_PROPHET, 0.73),
        _ratio_target(scores, "pinball", SEASONAL_NAIVE, 0.74),
        _ratio_target(scores, "pinball", DEFAULT_PROPHET, 0.82),
        _ratio_target(scores, "regret", DEFAULT_PROPHET, 0.62),
    ]
    families = by_family(scores[scores["model"] == SHIPPED])
    series = by_series(scores[scores["model"] == SHIPPED])
    for figure, low, high in (("coverage_95", 0.93, 0.97), ("coverage_90", 0.88, 0.93)):
        value = float(families[figure].mean())
        what = f"{figure.replace('_', ' p')}, mean of families"
        found.append(Target(what, value, f"{low} to {high}", low <= value <= high))
    worst = float(series["coverage_95"].min())
    found.append(Target("coverage p95, worst series", worst, "at least 0.87", worst >= 0.87))
    return found


def target_lines(found: list[Target]) -> list[str]:
    """Targets as a Markdown table."""
    rows = [
        [one.what, _number(one.value), one.interval, one.wanted, "met" if one.met else "missed"]
        for one in found
    ]
    return _table(["target", "measured", "95 % interval", "wanted", ""], rows)


def overall_lines(scores: pd.DataFrame, seconds: dict[str, float]) -> list[str]:
    """Every model against both references: geometric means of the families' ratios."""
    references = [name for name in REFERENCES if name in set(scores["model"])]
    headings = ["model"]
    headings += [f"{figure} / {name}" for name in references for figure in LOSSES]
    rows = [
        [model]
        + [_ratio(ratio(scores, f, model, name)) for name in references for f in LOSSES]
        + [f"{seconds[model]:.1f}" if model in seconds else ""]
        for model in _models(scores)
    ]
    return _table([*headings, "seconds"], rows)


def family_lines(scores: pd.DataFrame) -> list[str]:
    """Every model's own figures, family by family."""
    rows = by_family(scores)
    order = {model: number for number, model in enumerate(_models(scores))}
    rows = rows.assign(place=rows["model"].map(order)).sort_values(["family", "place"])
    lines = [
        [str(row["family"]), str(row["model"]), *(_number(row[name]) for name in FIGURES)]
        for row in rows.to_dict("records")
    ]
    return _table(["family", "model", *(name.replace("_", " p") for name in FIGURES)], lines)


def _ratio_target(scores: pd.DataFrame, figure: str, reference: str, most: float) -> Target:
    found = ratio(scores, figure, SHIPPED, reference)
    interval = f"{found.low:.2f} to {found.high:.2f}"
    what = f"{figure} / {reference}"
    return Target(what, found.value, f"at most {most}", found.value <= most, interval)


def _models(scores: pd.DataFrame) -> list[str]:
    """The shipped path first, then by name."""
    return sorted(set(scores["model"]), key=lambda name: (name != SHIPPED, name))


def _ratio(found: Ratio) -> str:
    if not np.isfinite(found.value):
        return ""
    return f"{found.value:.2f} ({found.low:.2f} to {found.high:.2f})"


def _number(value: float) -> str:
    return f"{value:.3f}" if np.isfinite(value) else ""


def _table(headings: list[str], rows: list[list[str]]) -> list[str]:
    marks = ["---"] + ["---:"] * (len(headings) - 1)
    return ["| " + " | ".join(row) + " |" for row in [headings, marks, *rows]]

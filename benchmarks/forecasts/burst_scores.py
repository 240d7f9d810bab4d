"""Bursts scored as events: each day's probability against a constant rate, and the peaks."""

import numpy as np
import pandas as pd

from benchmarks.forecasts.folds import Fold
from forecasts.bursts import burst_risk, fit_bursts, lift
from forecasts.bursts.process import BurstProcess, burst_probabilities
from forecasts.event_scores import brier, log_score
from forecasts.frames import DAY_HOURS, FloatArray

_P95, _P99 = 3, 4


def burst_rows(fold: Fold, quantiles: FloatArray) -> pd.DataFrame:
    """Score every day of a fold.

    Args:
        fold: Past and future.
        quantiles: (series, horizon, 5) the forecast that the bursts ride on.

    Returns:
        One row per series and wholly known day: family, unique_id, happened, probability,
        constant (share of the past's days with a burst hour), peak, peak_p95, peak_p99, and the
        day's sums of pinball losses at .95 and .99 of the forecast and of the lifted one.
    """
    process = fit_bursts(fold.past, fold.horizon)
    starts = np.flatnonzero(np.diff(process.days, prepend=-1))
    said = burst_risk(fold.past, quantiles, "requests")
    lifted = lift(fold.past, quantiles)
    known = np.add.reduceat(~np.isnan(fold.future), starts, axis=1)
    whole = known == np.diff(np.append(starts, fold.horizon))
    with np.errstate(invalid="ignore"):
        above = fold.future > process.season.ahead
    columns: dict[str, object] = {
        "happened": np.add.reduceat(above, starts, axis=1) > 0,
        "probability": burst_probabilities(process),
        "constant": np.broadcast_to(constant_rate(process)[:, None], whole.shape),
        "peak": np.maximum.reduceat(fold.future, starts, axis=1),
        "peak_p95": said["peak_p95"].to_numpy().reshape(whole.shape),
        "peak_p99": said["peak_p99"].to_numpy().reshape(whole.shape),
    }
    for name, made in (("forecast", quantiles), ("lifted", lifted)):
        for level, place in ((0.95, _P95), (0.99, _P99)):
            loss = _pinball(fold.future, made[:, :, place], level)
            columns[f"{name}_{level}"] = np.add.reduceat(loss, starts, axis=1)
    flat = {name: np.asarray(values)[whole] for name, values in columns.items()}
    names = np.broadcast_to(np.array(fold.past.ids)[:, None], whole.shape)[whole]
    return pd.DataFrame({"family": fold.family, "unique_id": names} | flat)


def burst_table(rows: pd.DataFrame) -> list[str]:
    """One Markdown line per family and one for all."""
    headings = (
        "family", "days", "with a burst", "Brier", "constant rate", "log score", "constant rate",
        "peaks <= p95", "<= p99", "pinball .99 lifted / not", ".95",
    )  # fmt: skip
    groups = [(str(name), part) for name, part in rows.groupby("family", sort=True)]
    lines = ["| " + " | ".join(headings) + " |", "| --- |" + " ---: |" * (len(headings) - 1)]
    for name, part in [*groups, ("all", rows)]:
        lines.append("| " + " | ".join([name, *_cells(part)]) + " |")
    return lines


def _cells(rows: pd.DataFrame) -> list[str]:
    happened = rows["happened"].to_numpy(dtype=bool)
    ours, constant = (rows[name].to_numpy(dtype=np.float64) for name in ("probability", "constant"))
    figures = [
        brier(happened, ours),
        brier(happened, constant),
        log_score(happened, ours),
        log_score(happened, constant),
        float((rows["peak"] <= rows["peak_p95"]).mean()),
        float((rows["peak"] <= rows["peak_p99"]).mean()),
        _lift_ratio(rows, "0.99"),
        _lift_ratio(rows, "0.95"),
    ]
    return [str(len(rows)), str(int(happened.sum())), *(f"{figure:.3f}" for figure in figures)]


def _lift_ratio(rows: pd.DataFrame, level: str) -> float:
    """Geometric mean over the series of lifted loss over the forecast's own."""
    sums = rows.groupby(["family", "unique_id"])[[f"lifted_{level}", f"forecast_{level}"]].sum()
    sums = sums[(sums > 0.0).all(axis=1)]
    ratios = sums[f"lifted_{level}"] / sums[f"forecast_{level}"]
    return float(np.exp(np.log(ratios).mean()))


def constant_rate(process: BurstProcess) -> FloatArray:
    """(series,) share of the past's days with a burst hour, half a day added to either side."""
    hours = process.season.y.shape[1] // DAY_HOURS * DAY_HOURS
    y, threshold = process.season.y[:, -hours:], process.season.threshold[:, -hours:]
    by_day = (len(y), -1, DAY_HOURS)
    with np.errstate(invalid="ignore"):
        burst = (y > threshold).reshape(by_day).any(axis=2).sum(axis=1)
    exposed = (~np.isnan(y) & ~np.isnan(threshold)).reshape(by_day).any(axis=2).sum(axis=1)
    return (burst + 0.5) / (exposed + 1.0)


def _pinball(actual: FloatArray, quantile: FloatArray, level: float) -> FloatArray:
    error = np.nan_to_num(actual - quantile)
    return np.maximum(level * error, (level - 1.0) * error)

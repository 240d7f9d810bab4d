"""Replay the recent past: forecast it from what was known then, and measure the error."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecasts import metrics
from forecasts.frames import DAY_HOURS, QUANTILES, WEEK_HOURS, FloatArray, season_length
from forecasts.models import Forecaster

#: First and last hour ahead of each published horizon bucket.
HORIZON_BUCKETS: dict[str, tuple[int, int]] = {"001-024h": (1, 24), "025-168h": (25, 168)}

_DAYS_PER_HELD_OUT_DAY = 3
_MIN_TRAINING_HOURS = 2 * WEEK_HOURS


@dataclass(frozen=True)
class Backtest:
    """The rows of one series and the loss that decides.

    Attributes:
        rows: model, cutoff, horizon_bucket, wape, mase, pinball, coverage_90,
            skill_vs_seasonal_naive.
        losses: Model name to mean pinball over all held-out hours; empty without a backtest.
    """

    rows: pd.DataFrame
    losses: Mapping[str, float]


def hold_out_hours(hours: int) -> int:
    """Hours held out of a history: a third of it in whole days, 7 days at most, 0 below 3 days."""
    days = hours // DAY_HOURS
    return min(days // _DAYS_PER_HELD_OUT_DAY * DAY_HOURS, WEEK_HOURS)


def cutoffs(hours: int) -> tuple[int, ...]:
    """Lengths of the training histories, oldest first: two where 14 days remain for the older."""
    held_out = hold_out_hours(hours)
    if held_out == 0:
        return ()
    last = hours - held_out
    older = last - held_out
    return (older, last) if older >= _MIN_TRAINING_HOURS else (last,)


def backtest(y: pd.DataFrame, forecasters: Sequence[Forecaster]) -> Backtest:
    """Measure every forecaster on the newest part of one series.

    Args:
        y: Columns ds (full hourly grid) and y (NaN where unknown).
        forecasters: The first is the baseline of the skill.

    Returns:
        One row per model, cutoff and horizon bucket with a known hour in it.
    """
    values = y["y"].to_numpy(dtype=np.float64)
    held_out = hold_out_hours(len(values))
    rows: list[dict[str, object]] = []
    losses: dict[str, list[tuple[float, int]]] = {}
    for size in cutoffs(len(values)):
        train, actual = y.iloc[:size], values[size : size + held_out]
        if not train["y"].notna().any():
            continue
        for forecaster in forecasters:
            quantiles = _quantiles(forecaster, train, held_out)
            seen = ~np.isnan(actual)
            if seen.any():
                loss = metrics.pinball(actual[seen], quantiles[seen])
                losses.setdefault(forecaster.name, []).append((loss, int(seen.sum())))
            for bucket, score in _scores(actual, quantiles, values[:size]).items():
                cutoff = train["ds"].iloc[-1]
                row = {"model": forecaster.name, "cutoff": cutoff, "horizon_bucket": bucket}
                rows.append({**row, **score})
    means = {
        name: float(np.average([loss for loss, _ in folds], weights=[n for _, n in folds]))
        for name, folds in losses.items()
    }
    return Backtest(rows=_with_skill(pd.DataFrame(rows), forecasters[0].name), losses=means)


def champion(losses: Mapping[str, float], baseline: str) -> str:
    """Choose the model with the lowest loss; the baseline wins ties and where none was measured."""
    return min(losses, key=lambda name: (losses[name], name != baseline), default=baseline)


def _quantiles(forecaster: Forecaster, train: pd.DataFrame, horizon: int) -> FloatArray:
    predicted = forecaster.fit_predict(train, horizon)
    return predicted[list(QUANTILES)].to_numpy(dtype=np.float64)


def _scores(
    actual: FloatArray, quantiles: FloatArray, history: FloatArray
) -> dict[str, dict[str, float]]:
    """Score each horizon bucket over its known hours."""
    ahead = np.arange(1, len(actual) + 1)
    season = season_length(len(history))
    scores: dict[str, dict[str, float]] = {}
    for bucket, (first, last) in HORIZON_BUCKETS.items():
        hours = (ahead >= first) & (ahead <= last) & ~np.isnan(actual)
        if hours.any():
            y, q = actual[hours], quantiles[hours]
            scores[bucket] = {
                "wape": metrics.wape(y, q),
                "mase": metrics.mase(y, q, history, season),
                "pinball": metrics.pinball(y, q),
                "coverage_90": metrics.coverage_90(y, q),
            }
    return scores


def _with_skill(rows: pd.DataFrame, baseline: str) -> pd.DataFrame:
    """Compare each row's pinball with the baseline's at the same cutoff and bucket."""
    if rows.empty:
        return rows
    keys = ["cutoff", "horizon_bucket"]
    base = rows.loc[rows["model"] == baseline, [*keys, "pinball"]]
    joined = rows.merge(base, on=keys, suffixes=("", "_baseline"), validate="many_to_one")
    pairs = zip(joined["pinball"], joined["pinball_baseline"], strict=True)
    rows["skill_vs_seasonal_naive"] = [metrics.skill(loss, base) for loss, base in pairs]
    return rows

"""Replay the recent past: forecast it from what was known then, and measure the error."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from forecasts.folds import Fold
from forecasts.frames import FloatArray
from forecasts.models.base import Forecaster
from forecasts.panel_scores import Scores, score

#: First and last hour ahead of each published horizon bucket.
HORIZON_BUCKETS: dict[str, tuple[int, int]] = {"001-024h": (1, 24), "025-168h": (25, 168)}


def replay(
    fold: Fold, forecasters: Sequence[Forecaster], levels: Sequence[float]
) -> dict[str, FloatArray]:
    """Forecast the hours held out with every model: name to (series, hours, levels)."""
    horizon = fold.actual.shape[1]
    return {f.name: f.predict(fold.panel, horizon, levels) for f in forecasters}


def fold_losses(fold: Fold, predicted: Mapping[str, FloatArray], series: int) -> FloatArray:
    """(models, series of the whole panel) mean pinball over the known hours held out, else NaN."""
    losses = np.full((len(predicted), series), np.nan)
    for model, quantiles in enumerate(predicted.values()):
        losses[model, fold.rows] = score(fold.actual, quantiles, fold.panel).pinball
    return losses


def fold_rows(fold: Fold, predicted: Mapping[str, FloatArray], baseline: str) -> pd.DataFrame:
    """One row per series, model and horizon bucket with a known hour.

    Args:
        fold: The cutoff.
        predicted: Model name to (series, hours, 5) quantiles.
        baseline: The model that `skill_vs_seasonal_naive` compares with.

    Returns:
        unique_id, model, cutoff, horizon_bucket, wape, mase, pinball, coverage_90,
        skill_vs_seasonal_naive.
    """
    frames: list[pd.DataFrame] = []
    for bucket, (first, last) in HORIZON_BUCKETS.items():
        hours = slice(first - 1, last)
        actual = fold.actual[:, hours]
        known = (~np.isnan(actual)).any(axis=1)
        if not known.any():
            continue
        base = score(actual, predicted[baseline][:, hours], fold.panel)
        for model, quantiles in predicted.items():
            scores = score(actual, quantiles[:, hours], fold.panel)
            frame = _frame(scores, base).assign(
                unique_id=list(fold.panel.ids), model=model, horizon_bucket=bucket
            )
            frames.append(frame.loc[np.flatnonzero(known)])
    if not frames:
        return pd.DataFrame()
    return pd.concat(frames, ignore_index=True).assign(cutoff=fold.panel.end)


def _frame(scores: Scores, base: Scores) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "wape": scores.wape,
            "mase": scores.mase,
            "pinball": scores.pinball,
            "coverage_90": scores.coverage_90,
            "skill_vs_seasonal_naive": _skill(scores.pinball, base.pinball),
        }
    )


def _skill(loss: FloatArray, baseline: FloatArray) -> FloatArray:
    """`metrics.skill`, series by series."""
    with np.errstate(invalid="ignore", divide="ignore"):
        skill = np.where(baseline > 0.0, 1.0 - loss / baseline, np.nan)
    return np.where(loss == baseline, 0.0, skill)

"""How good a forecast was: for every series and cutoff a numerator and a denominator per figure.

Every figure is a ratio of two sums, so that folds pool to a series' figure without one quiet
week blowing up, and a bootstrap can draw folds and series again.
"""

import numpy as np
import pandas as pd

from benchmarks.forecasts.folds import Fold
from benchmarks.forecasts.reserve import excess_cost
from forecasts.frames import QUANTILES, FloatArray, season_length

#: Figure -> numerator and denominator of its rows.
FIGURES: dict[str, tuple[str, str]] = {
    "wape": ("absolute_error", "demand"),
    "mase": ("absolute_error", "naive_error"),
    "pinball": ("pinball", "demand"),
    "pinball_99": ("pinball_99", "demand"),
    "regret": ("excess_cost", "clairvoyant_cost"),
    "coverage_90": ("below_p90", "hours"),
    "coverage_95": ("below_p95", "hours"),
}
LOSSES = ("wape", "mase", "pinball", "pinball_99", "regret")

_LEVELS = np.array(list(QUANTILES.values()))


def score(fold: Fold, model: str, quantiles: FloatArray) -> pd.DataFrame:
    """Score one model at one cutoff.

    Args:
        fold: What was to be forecast.
        model: Its name.
        quantiles: (series, horizon, 5) in the order of `QUANTILES`.

    Returns:
        One row per series with a known hour ahead: family, unique_id, cutoff, model, and the sums
        named in `FIGURES`.

    Raises:
        ValueError: The shape does not fit, or a quantile is not finite.
    """
    if quantiles.shape != (*fold.future.shape, len(_LEVELS)):
        raise ValueError(f"{model}: {quantiles.shape} does not fit {fold.future.shape}")
    if not np.isfinite(quantiles).all():
        raise ValueError(f"{model}: a quantile is not finite")
    known = ~np.isnan(fold.future)
    error = np.where(known, fold.future, 0.0)[:, :, None] - quantiles
    loss = np.maximum(_LEVELS * error, (_LEVELS - 1.0) * error) * known[:, :, None]
    below = (error <= 0.0) & known[:, :, None]
    hours = known.sum(axis=1)
    excess, clairvoyant = excess_cost(fold.future, quantiles)
    rows = pd.DataFrame(
        {
            "family": fold.family,
            "unique_id": list(fold.past.ids),
            "cutoff": fold.cutoff,
            "model": model,
            "hours": hours.astype(np.float64),
            "demand": np.nansum(np.abs(fold.future), axis=1),
            "absolute_error": (np.abs(error[:, :, 0]) * known).sum(axis=1),
            "naive_error": hours * _naive_errors(fold.past.y),
            "pinball": loss.mean(axis=2).sum(axis=1),
            "pinball_99": loss[:, :, -1].sum(axis=1),
            "below_p90": below[:, :, 2].sum(axis=1).astype(np.float64),
            "below_p95": below[:, :, 3].sum(axis=1).astype(np.float64),
            "excess_cost": excess,
            "clairvoyant_cost": clairvoyant,
        }
    )
    return rows[hours > 0]


def _naive_errors(past: FloatArray) -> FloatArray:
    """(series,) mean error of the seasonal naive method inside the history (Hyndman 2006)."""
    season = season_length(past.shape[1])
    steps = np.abs(past[:, season:] - past[:, :-season])
    seen = (~np.isnan(steps)).sum(axis=1)
    return np.where(seen > 0, np.nansum(steps, axis=1) / np.maximum(seen, 1), 0.0)

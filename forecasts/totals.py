"""Forecasts that add up: an accelerator's total and the series it is made of.

Means of requests and tokens add; quantiles do not, for peaks of series seldom meet. Series and
totals are forecast each by itself, and then changed as little as makes their means add, each in
proportion to the variance of its own error: minimum trace reconciliation (Wickramasuriya,
Athanasopoulos and Hyndman 2019) with a diagonal covariance. A row's quantiles keep their shape: all
five change by the same factor.

GPUs are peaks, and peaks need not add: a total's peak is at least the largest of its series' and at
most their sum. Its quantiles are kept within the same bounds, level by level.
"""

import numpy as np
import pandas as pd

from forecasts.frames import QUANTILES, FloatArray
from forecasts.quantile_function import hourly_values

TOTAL_PREFIX = "accelerator:"
TRAINING_PREFIX = "training:"
#: Measures whose hours add over series.
_ADDING = ("requests", "tokens")
_GPUS = "gpus"
_COLUMNS = list(QUANTILES)
_LEVELS = (np.arange(50) + 0.5) / 50
_P50, _P95 = 0, 3
#: Normal score of the 95 % quantile.
_SCORE_95 = 1.6448536269514722
#: Members that are sure of themselves and disagree change in proportion to their squares.
_SMALLEST_SPREAD = 1e-6
#: A series is never changed further than this; the total then takes the rest.
_MOST = 2.0


def total_of(unique_id: str) -> str | None:
    """The total that a series is part of: `model/version/endpoint/accelerator` by its last part.

    Returns:
        None for a total, and for what is no series of requests (`training:<name>`).
    """
    if "/" not in unique_id or unique_id.startswith((TOTAL_PREFIX, TRAINING_PREFIX)):
        return None
    return TOTAL_PREFIX + unique_id.rsplit("/", 1)[1]


def reconcile(forecasts: pd.DataFrame) -> pd.DataFrame:
    """Make the champions' forecasts of series and totals agree.

    Args:
        forecasts: `FORECAST_COLUMNS` (further columns are kept). The champions' rows change, those
            of their rivals stay as each model gave them.

    Returns:
        The same rows in the same order; quantiles not negative and not crossing. Totals without
        series and series without a total stay as they are.
    """
    champions = np.flatnonzero(forecasts["is_champion"].to_numpy(dtype=bool))
    if champions.size == 0:
        return forecasts
    keys = forecasts.iloc[champions][["measure", "unique_id", "ds"]].reset_index(drop=True)
    totals = keys["unique_id"].map({name: total_of(name) for name in keys["unique_id"].unique()})
    keys["family"] = totals.fillna(keys["unique_id"])
    keys["is_total"] = totals.isna()
    values = forecasts[_COLUMNS].to_numpy(dtype=np.float64).copy()
    for (measure, _), family in keys.groupby(["measure", "family"], sort=False):
        if family["is_total"].any() and not family["is_total"].all():
            cells = champions[family.index.to_numpy()]
            values[cells] = _agreed(str(measure), family, values[cells])
    changed = forecasts.copy()
    changed[_COLUMNS] = values
    return changed


def _agreed(measure: str, family: pd.DataFrame, values: FloatArray) -> FloatArray:
    """Reconcile the rows of one total and its series, hour by hour."""
    hour, hours = pd.factorize(family["ds"])
    member, members = pd.factorize(family["unique_id"])
    total = int(np.flatnonzero(members == family.loc[family["is_total"], "unique_id"].iloc[0])[0])
    cube = np.zeros((len(members), len(hours), len(_COLUMNS)))
    cube[member, hour] = values
    present = np.zeros(cube.shape[:2], dtype=bool)
    present[member, hour] = True
    series = np.arange(len(members)) != total
    complete = present[total] & present[series].any(axis=0)
    agree = _added if measure in _ADDING else _bounded if measure == _GPUS else None
    if agree is not None:
        changed_total, changed_series = agree(cube[total], cube[series])
        cube[total] = np.where(complete[:, None], changed_total, cube[total])
        cube[series] = np.where(complete[None, :, None], changed_series, cube[series])
    return cube[member, hour]


def _added(total: FloatArray, series: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Let the means add: (hours, 5) of the total and (series, hours, 5) of its parts."""
    means, of_total = _means(series), _means(total[None])[0]
    weights, weight = _variances(series, means), _variances(total[None], of_total[None])[0]
    gap = of_total - means.sum(axis=0)
    all_weights = weights.sum(axis=0) + weight
    share = np.divide(weights, all_weights, out=np.zeros_like(weights), where=all_weights > 0.0)
    wanted = np.clip(means + share * gap, means / _MOST, means * _MOST)
    changed = series * _ratio(wanted, means)[..., None]
    sums = wanted.sum(axis=0)
    shape = np.where((of_total > 0.0)[:, None], total, changed.sum(axis=0))
    return shape * _ratio(sums, _means(shape[None])[0])[:, None], changed


def _bounded(total: FloatArray, series: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Keep the total's quantiles between the largest and the sum of its series'."""
    return np.clip(total, series.max(axis=0), series.sum(axis=0)), series


def _means(quantiles: FloatArray) -> FloatArray:
    flat = hourly_values(quantiles.reshape(-1, len(_COLUMNS)), _LEVELS).mean(axis=1)
    return flat.reshape(quantiles.shape[:-1])


def _variances(quantiles: FloatArray, means: FloatArray) -> FloatArray:
    spread = (quantiles[..., _P95] - quantiles[..., _P50]) / _SCORE_95
    return spread**2 + (_SMALLEST_SPREAD * means) ** 2


def _ratio(wanted: FloatArray, means: FloatArray) -> FloatArray:
    return np.divide(wanted, means, out=np.ones_like(means), where=means > 0.0)

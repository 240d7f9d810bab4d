"""Which model speaks for a series: the combination, unless another is clearly better."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from forecasts.frames import FloatArray

#: A rival is measured on so many folds at least; one good week is luck.
_MIN_FOLDS = 3
#: It must save this share of the loss beyond so many standard errors: several rivals try.
_MARGIN = 0.03
_STANDARD_ERRORS = 2.5
#: The spread over all series counts as so many folds: four folds alone misjudge their own spread.
_PRIOR_FOLDS = 6.0
#: A loss of nothing counts as this share of the other's.
_LEAST = 1e-3


@dataclass(frozen=True)
class Choice:
    """The champion of each series.

    Attributes:
        models: One name per series.
        reasons: Why, in words, one per series.
    """

    models: tuple[str, ...]
    reasons: tuple[str, ...]


def choose(losses: FloatArray, names: Sequence[str], default: str) -> Choice:
    """Choose one model per series by the losses of a rolling backtest.

    The best of several models on a few folds is often only the luckiest. A rival replaces the
    default where its loss was lower in every fold and the mean log ratio of the losses stays
    below -0.03 after adding two and a half standard errors, whose variance is drawn towards that
    of all series (as in Smyth's moderated t, 2004).

    Args:
        losses: (models, folds, series) mean loss, NaN where not measured.
        names: The models, in the order of the losses.
        default: The model that speaks otherwise; among the names.

    Returns:
        Champions and reasons.

    Raises:
        ValueError: The default is not among the names.
    """
    base = list(names).index(default)
    ratio = _log_ratios(losses, losses[base])
    known = ~np.isnan(ratio)
    folds = known.sum(axis=1)
    mean = np.where(known, ratio, 0.0).sum(axis=1) / np.maximum(folds, 1)
    upper = mean + _STANDARD_ERRORS * _errors(ratio, mean, folds)
    worst = np.where(known, ratio, -np.inf).max(axis=1, initial=-np.inf)
    better = (folds >= _MIN_FOLDS) & (worst < 0.0) & (upper < np.log(1.0 - _MARGIN))
    better[base] = False
    rank = np.where(better, mean, np.inf)
    best = np.where(better.any(axis=0), np.argmin(rank, axis=0), base)
    chosen = [int(model) for model in best]
    reasons = tuple(
        _reason(str(names[model]), default, int(folds[model, series]), float(mean[model, series]))
        for series, model in enumerate(chosen)
    )
    return Choice(tuple(str(names[model]) for model in chosen), reasons)


def _log_ratios(losses: FloatArray, base: FloatArray) -> FloatArray:
    """(models, folds, series) log loss over the default's, NaN where either is unknown."""
    larger = np.fmax(losses, base[None])
    with np.errstate(invalid="ignore", divide="ignore"):
        own = np.maximum(losses, _LEAST * larger)
        other = np.maximum(base[None], _LEAST * larger)
        ratio = np.log(own / other)
    return np.where(larger > 0.0, ratio, np.where(np.isnan(losses + base[None]), np.nan, 0.0))


def _errors(ratio: FloatArray, mean: FloatArray, folds: np.ndarray) -> FloatArray:
    """(models, series) standard errors of the means, their variance drawn towards the panel's."""
    squares = np.nansum((ratio - mean[:, None, :]) ** 2, axis=1)
    freedom = np.maximum(folds - 1, 0)
    shared = squares.sum(axis=1, keepdims=True) / np.maximum(freedom.sum(axis=1, keepdims=True), 1)
    variance = (squares + _PRIOR_FOLDS * shared) / (freedom + _PRIOR_FOLDS)
    return np.sqrt(variance / np.maximum(folds, 1))


def _reason(model: str, default: str, folds: int, mean: float) -> str:
    if model == default:
        if folds < _MIN_FOLDS:
            return f"default: {folds} backtest folds, fewer than {_MIN_FOLDS}"
        return f"default: no rival clearly better over {folds} folds"
    saved = 1.0 - float(np.exp(mean))
    return f"lower loss than {default} in {folds} of {folds} folds, by {saved:.0%} on average"

"""Series that need no model: dead ones, constant ones."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from forecasts.frames import DAY_HOURS, WEEK_HOURS, FloatArray, proper
from forecasts.panel import Panel

#: A silence is an end after a week, if it is also twice as long as any before it.
_DEAD_HOURS = WEEK_HOURS
_LONGER = 2.0
#: A constant is one that has not moved for four weeks, or in its whole life of a day or more.
_CONSTANT_HOURS = 4 * WEEK_HOURS
_MIN_HOURS = DAY_HOURS
#: One in so many long silences is taken to end before any has been seen to.
_PRIOR_SILENCES = 20.0


@dataclass(frozen=True)
class Quiet:
    """Which series of a panel are quiet, and how.

    Attributes:
        dead: (series,) silent for long and to the end.
        constant: (series,) the same value for weeks, not dead.
    """

    dead: np.ndarray
    constant: np.ndarray

    @property
    def active(self) -> np.ndarray:
        """(series,) whether a model is needed."""
        return ~(self.dead | self.constant)


def find_quiet(panel: Panel) -> Quiet:
    """Tell dead and constant series from the rest."""
    known = ~np.isnan(panel.y)
    last = _silent_hours(panel.y)
    longest = _longest_silence(panel.y, last)
    dead = (last >= _DEAD_HOURS) & (last >= _LONGER * longest)
    recent = panel.y[:, -_CONSTANT_HOURS:]
    some = known[:, -_CONSTANT_HOURS:].sum(axis=1) >= _MIN_HOURS
    high = np.where(np.isnan(recent), -np.inf, recent).max(axis=1, initial=-np.inf)
    low = np.where(np.isnan(recent), np.inf, recent).min(axis=1, initial=np.inf)
    return Quiet(dead=dead, constant=some & (high == low) & ~dead)


def predict_quiet(panel: Panel, quiet: Quiet, horizon: int, levels: Sequence[float]) -> FloatArray:
    """Forecast quiet series: a constant stays, a dead series stays silent with an honest tail.

    A silence of T hours ends within the next h with a chance of h / (T + h) if nothing is known
    about it (Gott 1993), times the share of such silences that were seen to end in this panel.
    When it ends, demand is as before it.

    Args:
        panel: The history.
        quiet: Of the same panel.
        horizon: Hours to predict.
        levels: Quantile levels, ascending.

    Returns:
        (series, horizon, levels), zero for active series.
    """
    answers = np.zeros((len(panel.ids), horizon, len(levels)))
    for row in np.flatnonzero(quiet.constant):
        values = panel.y[row]
        answers[row] = values[~np.isnan(values)][-1]
    rows = np.flatnonzero(quiet.dead)
    silent = _silent_hours(panel.y)
    ends = (_ended_silences(panel.y) + 1.0) / (
        _ended_silences(panel.y) + len(rows) + _PRIOR_SILENCES
    )
    ahead = np.arange(1, horizon + 1)
    for row in rows:
        values = panel.y[row]
        alive = values[values > 0.0]
        if alive.size:
            chance = ends * ahead / (silent[row] + ahead)
            above = np.asarray(levels)[None, :] - (1.0 - chance[:, None])
            share = np.clip(above / chance[:, None], 0.0, 1.0)
            answers[row] = np.where(above > 0.0, np.quantile(alive, share), 0.0)
    return proper(answers)


def _silent_hours(y: FloatArray) -> np.ndarray:
    """(series,) hours since the last demand; unknown hours inside a silence belong to it."""
    some = (np.nan_to_num(y) > 0.0)[:, ::-1]
    known_zero = (y == 0.0).any(axis=1)
    since = np.where(some.any(axis=1), np.argmax(some, axis=1), y.shape[1])
    # A series that is not known any more is not known to be silent.
    zeros = (y[:, ::-1] == 0.0)[:, :_DEAD_HOURS].sum(axis=1)
    return np.where(known_zero & (zeros >= np.minimum(_DEAD_HOURS, since) // 2), since, 0)


def _longest_silence(y: FloatArray, last: np.ndarray) -> np.ndarray:
    """(series,) longest run of zeros before the last one, between hours with demand."""
    longest = np.zeros(len(y))
    for row in np.flatnonzero(last >= _DEAD_HOURS):
        alive = np.flatnonzero(np.nan_to_num(y[row]) > 0.0)
        longest[row] = max(np.diff(alive).max() - 1, 0) if len(alive) > 1 else 0
    return longest


def _ended_silences(y: FloatArray) -> float:
    """How many silences of a week or more ended in this panel."""
    ended = 0
    for values in y:
        alive = np.flatnonzero(np.nan_to_num(values) > 0.0)
        ended += int((np.diff(alive) > _DEAD_HOURS).sum()) if len(alive) > 1 else 0
    return float(ended)

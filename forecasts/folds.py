"""Past cutoffs: what was known then, and what came."""

from dataclasses import dataclass

import numpy as np

from forecasts.frames import DAY_HOURS, WEEK_HOURS, FloatArray
from forecasts.panel import Panel

_DAYS_PER_HELD_OUT_DAY = 3
_MIN_TRAINING_HOURS = 2 * WEEK_HOURS
_MAX_FOLDS = 3


@dataclass(frozen=True)
class Fold:
    """A past cutoff.

    Attributes:
        panel: What was known then.
        rows: (series of the fold,) their positions in the whole panel.
        actual: (series of the fold, hours held out) what came, NaN where unknown.
    """

    panel: Panel
    rows: np.ndarray
    actual: FloatArray

    @property
    def horizon(self) -> int:
        """Hours held out."""
        return self.actual.shape[1]


def hold_out_hours(hours: int) -> int:
    """Hours held out of a history: a third of it in whole days, 7 days at most, 0 below 3 days."""
    days = hours // DAY_HOURS
    return min(days // _DAYS_PER_HELD_OUT_DAY * DAY_HOURS, WEEK_HOURS)


def cutoffs(hours: int) -> tuple[int, ...]:
    """Lengths of the training histories, oldest first: up to three that do not overlap.

    Only the newest may be shorter than 14 days.
    """
    held_out = hold_out_hours(hours)
    if held_out == 0:
        return ()
    sizes = [hours - held_out * fold for fold in range(1, _MAX_FOLDS + 1)]
    return tuple(reversed(sizes[:1] + [size for size in sizes[1:] if size >= _MIN_TRAINING_HOURS]))


def folds(panel: Panel) -> tuple[Fold, ...]:
    """Cut the panel at each cutoff, oldest first; series not yet known then are not in the fold."""
    made: list[Fold] = []
    held_out = hold_out_hours(panel.hours)
    for size in cutoffs(panel.hours):
        rows = np.flatnonzero((~np.isnan(panel.y[:, :size])).any(axis=1))
        if len(rows):
            past = panel.before(panel.hours - size)
            made.append(Fold(past, rows, panel.y[rows, size : size + held_out]))
    return tuple(made)

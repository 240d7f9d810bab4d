"""Rolling cutoffs: what was known at an hour, and what came after it."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecasts.frames import DAY_HOURS, HOUR, WEEK_HOURS, FloatArray
from forecasts.panel import Panel, to_panel

CUTOFFS = 4
#: Hours of the family's history at least -> hours ahead and hours of training at least.
_HORIZONS = ((21 * DAY_HOURS, WEEK_HOURS, 2 * WEEK_HOURS), (0, 3 * DAY_HOURS, WEEK_HOURS))


@dataclass(frozen=True)
class Fold:
    """One cutoff of one family.

    Attributes:
        family: Series of one kind, which a model may look at together.
        past: The family's series up to the cutoff, nothing after it.
        future: (series, horizon) what came in the hours after; NaN where unknown.
    """

    family: str
    past: Panel
    future: FloatArray

    @property
    def cutoff(self) -> pd.Timestamp:
        """The last hour a model may know."""
        return self.past.end

    @property
    def horizon(self) -> int:
        """Hours to forecast."""
        return self.future.shape[1]


def folds(series: pd.DataFrame, cutoffs: int = CUTOFFS) -> Iterator[Fold]:
    """Cut each family at several hours.

    The last cutoff leaves one horizon; the others lie a horizon apart, or closer where the
    history is too short for that (their hours ahead overlap then, and errors with them).

    Args:
        series: Columns family, unique_id, ds, y.
        cutoffs: How many to take where the history allows.

    Yields:
        Oldest cutoff first. The panel of a cutoff holds all series of the family with a known
        hour by then: a model that learns across series may do so, on the past only. A family
        below ten days has no fold.
    """
    for family, rows in series.groupby("family", sort=True):
        whole = to_panel(rows, rows["ds"].max())
        for hours_after in _hours_after(whole.hours, cutoffs):
            past = whole.before(hours_after)
            kept = np.isin(whole.ids, past.ids)
            start = whole.hours - hours_after
            future = whole.y[kept, start : start + _horizon(whole.hours)[0]]
            yield Fold(str(family), past, future)


def as_history(past: Panel, measure: str = "requests") -> pd.DataFrame:
    """A panel as the long frame that `forecast_demand` reads; unknown hours have no row."""
    row, column = np.nonzero(~np.isnan(past.y))
    start = past.end - (past.hours - 1) * HOUR
    return pd.DataFrame(
        {
            "unique_id": np.asarray(past.ids, dtype=object)[row],
            "measure": measure,
            "ds": start + pd.to_timedelta(column, unit="h"),
            "y": past.y[row, column],
        }
    )


def _horizon(hours: int) -> tuple[int, int]:
    """Hours ahead and hours of training for a family with so many hours."""
    return next((ahead, training) for least, ahead, training in _HORIZONS if hours >= least)


def _hours_after(hours: int, cutoffs: int) -> list[int]:
    """How long before the end each cutoff lies, the oldest first."""
    horizon, training = _horizon(hours)
    room = hours - horizon - training
    if room < 0:
        return []
    step = horizon
    if cutoffs > 1 and room < (cutoffs - 1) * horizon:
        step = max(room // (cutoffs - 1) // DAY_HOURS * DAY_HOURS, DAY_HOURS)
    count = min(cutoffs, room // step + 1)
    return [horizon + back * step for back in reversed(range(count))]

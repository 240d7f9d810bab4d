"""Many hourly series side by side: what every model reads."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecasts.frames import HOUR, FloatArray


@dataclass(frozen=True, eq=False)
class Panel:
    """Hourly series on one grid that ends with the newest hour of all of them.

    Attributes:
        ids: Names of the series, sorted, each once.
        end: The last hour of the grid (naive UTC).
        y: (series, hours) in the unit of the measure. NaN before a series' first hour and where
            it is unknown; a known silence is 0. Every series has a known hour.
    """

    ids: tuple[str, ...]
    end: pd.Timestamp
    y: FloatArray

    @property
    def hours(self) -> int:
        """Hours of the grid."""
        return self.y.shape[1]

    @property
    def ds(self) -> pd.DatetimeIndex:
        """The hours of the grid."""
        return pd.date_range(end=self.end, periods=self.hours, freq="h", name="ds")

    def future(self, horizon: int) -> pd.DatetimeIndex:
        """The hours that follow."""
        return pd.date_range(self.end + HOUR, periods=horizon, freq="h", name="ds")

    def first_hours(self) -> np.ndarray:
        """(series,) position of each series' first known hour."""
        return np.argmax(~np.isnan(self.y), axis=1)

    def take(self, rows: Sequence[int] | np.ndarray) -> "Panel":
        """Some of the series, in this order, on the hours that any of them knows."""
        kept = self.y[np.asarray(rows, dtype=np.intp)]
        known = ~np.isnan(kept).all(axis=0)
        first = int(np.argmax(known)) if known.any() else 0
        return Panel(tuple(self.ids[row] for row in rows), self.end, kept[:, first:])

    def before(self, hours: int) -> "Panel":
        """What was known so many hours ago; series that had no known hour yet are left out."""
        past = self.y[:, : self.hours - hours]
        rows = np.flatnonzero((~np.isnan(past)).any(axis=1))
        ids = tuple(self.ids[row] for row in rows)
        return Panel(ids, self.end - hours * HOUR, past[rows])


def to_panel(history: pd.DataFrame, end: pd.Timestamp) -> Panel:
    """Put a long frame on the grid.

    Args:
        history: Columns unique_id (text), ds (timestamp, naive UTC) and y (float). A missing hour,
            NaN and infinity are unknown; several rows in one hour are added; rows after `end`
            are ignored.
        end: The newest hour of all series.

    Returns:
        The series with at least one known hour.

    Raises:
        KeyError: A column is missing.
    """
    last = pd.Timestamp(end).floor("h")
    rows = history.loc[says_something(history, last), ["unique_id", "ds", "y"]]
    if rows.empty:
        return Panel((), last, np.empty((0, 0)))
    ahead = ((last - rows["ds"].dt.floor("h")) / HOUR).round().to_numpy(dtype=np.intp)
    hours = int(ahead.max()) + 1
    series, ids = pd.factorize(rows["unique_id"], sort=True)
    values = rows["y"].to_numpy(dtype=np.float64)
    y, known = np.zeros((len(ids), hours)), np.zeros((len(ids), hours), dtype=bool)
    cell = (series, hours - 1 - ahead)
    # Sorted first: a sum of floats depends on its order, a forecast must not depend on rows'.
    order = np.lexsort((values, cell[1], cell[0]))
    cell = (cell[0][order], cell[1][order])
    np.add.at(y, cell, values[order])
    known[cell] = True
    return Panel(tuple(str(name) for name in ids), last, np.where(known, y, np.nan))


def says_something(history: pd.DataFrame, end: pd.Timestamp) -> np.ndarray:
    """(rows,) whether a row of a long frame is finite, and not after the hour of `end`."""
    until = pd.Timestamp(end).floor("h") + HOUR
    finite = np.isfinite(history["y"].to_numpy(dtype=np.float64))
    return finite & (history["ds"] < until).to_numpy(dtype=bool)

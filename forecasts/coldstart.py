"""New series: the shape of a series like them, at their own level or the planned one."""

from collections.abc import Mapping

import numpy as np

from forecasts.frames import DAY_HOURS, WEEK_HOURS, FloatArray
from forecasts.panel import Panel
from forecasts.shapes import hour_of_week, rolling_mean, week_shapes

#: A series of less than this is new; one of at least so much can lend its past.
_NEW_HOURS = WEEK_HOURS
_OLD_HOURS = 2 * WEEK_HOURS
#: Weeks that are lent.
_LENT_HOURS = 3 * WEEK_HOURS
#: So many hours of its own weigh as much as what is known of new series in general.
_OWN_HOURS = 24.0
#: A planned level counts as so many hours of history.
_PLANNED_HOURS = 72.0


def completed(panel: Panel, planned: Mapping[str, float] | None = None) -> Panel:
    """Give new series a past.

    A new series with less than a week takes the last weeks before its first hour from a series
    with at least two: hour by hour the other's ratio to its own level, times the new one's level.
    The other is the one whose shape fits the hours known so far and, with few of them, is the most
    typical of the panel. Where nobody can lend, series stay as they are.

    Args:
        panel: The history.
        planned: Series to its planned mean demand per hour, in the unit of the panel: traffic that
            is known to come. It counts as three days of history.

    Returns:
        The panel with a longer past for new series.
    """
    age = panel.hours - panel.first_hours()
    silent = np.nansum(panel.y, axis=1) <= 0.0
    new = np.flatnonzero((age < _NEW_HOURS) & ~silent)
    old = np.flatnonzero((age >= _OLD_HOURS) & ~silent)
    if not len(new) or not len(old):
        return panel
    shapes = week_shapes(panel.take(old))
    ratios = _ratios(panel.y[old])
    how = hour_of_week(panel.ds)
    y = panel.y.copy()
    for row in new:
        known = ~np.isnan(panel.y[row])
        own = panel.y[row, known]
        lender = _lender(shapes, own, how[known])
        expected = float(shapes[lender, how[known]].mean())
        level = float(own.mean()) / max(expected, 0.1)
        plan = (planned or {}).get(panel.ids[row])
        if plan is not None:
            level = (len(own) * level + _PLANNED_HOURS * plan) / (len(own) + _PLANNED_HOURS)
        first = int(np.argmax(known))
        lent = slice(max(first - _LENT_HOURS, 0), first)
        y[row, lent] = level * ratios[lender, lent]
    return Panel(panel.ids, panel.end, y)


def _ratios(y: FloatArray) -> FloatArray:
    """Each hour over the week around it."""
    level = rolling_mean(y, WEEK_HOURS // 2, WEEK_HOURS // 2)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(level > 0.0, y / level, np.nan)


def _lender(shapes: FloatArray, own: FloatArray, how: np.ndarray) -> int:
    """The position of the shape that fits: to the hours known, and to the typical shape."""
    typical = np.median(shapes, axis=0)
    weight = len(own) / (len(own) + _OWN_HOURS)
    fit = np.array([_likeness(shape[how], own) for shape in shapes])
    usual = np.array([_likeness(shape, typical) for shape in shapes])
    return int(np.argmax(weight * fit + (1.0 - weight) * usual))


def _likeness(one: FloatArray, other: FloatArray) -> float:
    """Correlation; 0 where one of them is flat or too short to tell."""
    if len(one) < DAY_HOURS // 4 or np.ptp(one) == 0.0 or np.ptp(other) == 0.0:
        return 0.0
    return float(np.corrcoef(one, other)[0, 1])

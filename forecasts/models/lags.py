"""What a pooled model sees of a series: everything relative to its recent level."""

from dataclasses import dataclass

import numpy as np

from forecasts.frames import DAY_HOURS, WEEK_HOURS, FloatArray
from forecasts.panel import Panel
from forecasts.shapes import hour_of_week, rolling_mean, rolling_means

_WINDOWS = (3, 12, 24, 72, 336, 672)
_WEEKS_BACK = 4
_DAYS_BACK = 7


@dataclass(frozen=True)
class Rows:
    """Examples of a pooled model.

    Attributes:
        x: (rows, features), NaN where unknown.
        scale: (rows,) level of the series at the origin, by which y is divided; above 0.
        y: (rows,) demand of the target hour over the scale; NaN where unknown or to come.
    """

    x: FloatArray
    scale: FloatArray
    y: FloatArray


class Lags:
    """Rolling statistics of a panel, read off at any origin without seeing what follows it."""

    def __init__(self, panel: Panel) -> None:
        y = panel.y
        self._y = y
        self._how = hour_of_week(panel.ds)
        spans = sorted({*_WINDOWS, DAY_HOURS, WEEK_HOURS, 4 * WEEK_HOURS})
        means = dict(zip(spans, rolling_means(y, ((s - 1, 0) for s in spans)), strict=True))
        level, longer = means[WEEK_HOURS], means[4 * WEEK_HOURS]
        #: (series, hours) the level at each hour: a week's mean, not far below a month's.
        self.scale = np.fmax(level, 0.2 * longer)
        self._means = [means[hours] for hours in _WINDOWS]
        self._near = rolling_mean(y, 1, 1)
        moves = [np.abs(y - _lagged(y, hours)) for hours in (1, DAY_HOURS, WEEK_HOURS)]
        moves.append(np.abs(y - level))
        self._moves = [rolling_mean(move, 3 * WEEK_HOURS - 1) for move in moves]
        self._silent = rolling_mean(np.where(np.isnan(y), np.nan, y == 0.0), WEEK_HOURS - 1)
        self._daily = means[DAY_HOURS]

    def rows(self, series: np.ndarray, origin: np.ndarray, ahead: np.ndarray) -> Rows:
        """Examples for aligned arrays of series, position of the last hour seen, hours ahead."""
        target = origin + ahead
        with np.errstate(invalid="ignore", divide="ignore"):
            scale = self.scale[series, origin]
            scale = np.where(scale > 0.0, scale, np.nan)
            columns = [mean[series, origin] / scale for mean in self._means]
            columns += [move[series, origin] / scale for move in self._moves]
            columns.append(self._silent[series, origin])
            columns += self._days(series, origin, scale)
            columns += self._lagged_weeks(series, target, ahead, scale)
            columns += self._lagged_days(series, target, ahead, scale)
            how = (self._how[origin] + ahead) % WEEK_HOURS
            columns += [how % DAY_HOURS, how // DAY_HOURS, (how >= 5 * DAY_HOURS), ahead]
            hours = self._y.shape[1]
            y = np.where(target < hours, self._y[series, np.minimum(target, hours - 1)], np.nan)
            x = np.stack([np.asarray(c, dtype=np.float64) for c in columns], axis=1)
            return Rows(x, scale, y / scale)

    def _days(self, series: np.ndarray, origin: np.ndarray, scale: FloatArray) -> list[FloatArray]:
        """Median, lowest and highest of the last week's daily means, and the days before."""
        days = np.stack(
            [_at(self._daily, series, origin - DAY_HOURS * d) for d in range(14)], axis=1
        )
        ordered = np.sort(days[:, :7], axis=1)
        return [
            part / scale
            for part in (ordered[:, 3], ordered[:, 0], ordered[:, -1], days[:, 7], days[:, 13])
        ]

    def _lagged_weeks(
        self, series: np.ndarray, target: np.ndarray, ahead: np.ndarray, scale: FloatArray
    ) -> list[FloatArray]:
        first = (ahead + WEEK_HOURS) // WEEK_HOURS
        lags = [
            _at(self._near, series, target - WEEK_HOURS * (first + k)) / scale
            for k in range(_WEEKS_BACK)
        ]
        return [lags[0], lags[1], _known_mean(lags)]

    def _lagged_days(
        self, series: np.ndarray, target: np.ndarray, ahead: np.ndarray, scale: FloatArray
    ) -> list[FloatArray]:
        first = (ahead + DAY_HOURS) // DAY_HOURS
        lags = [
            _at(self._near, series, target - DAY_HOURS * (first + k)) / scale
            for k in range(_DAYS_BACK)
        ]
        ordered = np.sort(np.stack(lags, axis=1), axis=1)
        return [
            lags[0],
            _known_mean(lags[:3]),
            _known_mean(lags),
            ordered[:, 1],
            ordered[:, 3],
            ordered[:, 5],
        ]


def _known_mean(parts: list[FloatArray]) -> FloatArray:
    stacked = np.stack(parts)
    known = ~np.isnan(stacked)
    return np.where(known, stacked, 0.0).sum(axis=0) / np.where(
        known.any(axis=0), known.sum(axis=0), np.nan
    )


def _lagged(y: FloatArray, hours: int) -> FloatArray:
    shifted = np.full_like(y, np.nan)
    shifted[:, hours:] = y[:, :-hours]
    return shifted


def _at(values: FloatArray, series: np.ndarray, hour: np.ndarray) -> FloatArray:
    return np.where(hour >= 0, values[series, np.maximum(hour, 0)], np.nan)

"""The baseline every other model must beat: next week is like last week."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from forecasts.frames import LEVELS, FloatArray, proper, season_length
from forecasts.panel import Panel


@dataclass(frozen=True)
class SeasonalNaive:
    """Same hour last week, else yesterday, else the last value.

    The median is that value. The other quantiles add the empirical quantiles of the series' own
    seasonal differences, as many seasons apart as the predicted hour is ahead, taken in both
    directions: two like hours are exchangeable, so a fall seen is a rise that could have been.

    Attributes:
        name: The model's name.
        longest: The longest season, in hours: 168 compares weeks, 24 days.
    """

    name: str = "seasonal_naive"
    longest: int = 168

    def predict(self, panel: Panel, horizon: int, levels: Sequence[float] = LEVELS) -> FloatArray:
        """Predict `horizon` hours; see `Forecaster.predict`."""
        first = panel.first_hours()
        answers = np.empty((len(panel.ids), horizon, len(levels)))
        for series, start in enumerate(first):
            answers[series] = self._one(panel.y[series, start:], horizon, levels)
        return proper(answers)

    def _one(self, values: FloatArray, horizon: int, levels: Sequence[float]) -> FloatArray:
        season = min(season_length(len(values)), self.longest)
        seasons = _by_season(values, season)
        steps = np.arange(horizon)
        point = _latest(seasons, values)[steps % season]
        ahead = steps // season + 1
        # Half of the history at most, so that a far horizon does not hang on one old season.
        ahead = np.minimum(ahead, max(len(seasons) // 2, 1))
        spread = np.zeros((horizon, len(levels)))
        for seasons_ahead in np.unique(ahead):
            spread[ahead == seasons_ahead] = _differences(seasons, int(seasons_ahead), levels)
        return point[:, None] + spread


def yesterday() -> SeasonalNaive:
    """The same hour yesterday."""
    return SeasonalNaive(name="yesterday", longest=24)


def _by_season(values: FloatArray, season: int) -> FloatArray:
    """Fold a series into (seasons, hours of the season), unknown hours in front."""
    missing = -len(values) % season
    return np.concatenate([np.full(missing, np.nan), values]).reshape(-1, season)


def _latest(seasons: FloatArray, values: FloatArray) -> FloatArray:
    """Take each hour's newest known value; hours never seen get the last known value."""
    last_known = values[~np.isnan(values)][-1]
    newest_first = seasons[::-1]
    row = np.argmax(~np.isnan(newest_first), axis=0)
    latest = newest_first[row, np.arange(seasons.shape[1])]
    return np.where(np.isnan(latest), last_known, latest)


def _differences(seasons: FloatArray, ahead: int, levels: Sequence[float]) -> FloatArray:
    """Quantiles of the differences between hours so many seasons apart; zero when none exist."""
    differences = (seasons[ahead:] - seasons[:-ahead]).ravel()
    differences = differences[~np.isnan(differences)]
    if differences.size == 0:
        return np.zeros(len(levels))
    return np.quantile(np.concatenate([differences, -differences]), levels)

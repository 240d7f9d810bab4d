"""The baseline every other model must beat: next week is like last week."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecasts.frames import QUANTILES, FloatArray, future_hours, quantile_frame, season_length


@dataclass(frozen=True)
class SeasonalNaive:
    """Same hour last week, else yesterday, else the last value.

    The median is that value. The other quantiles add the empirical quantiles of the series' own
    seasonal differences, as many seasons apart as the predicted hour is ahead, taken in both
    directions: two like hours are exchangeable, so a fall seen is a rise that could have been.
    """

    name: str = "seasonal_naive"

    def fit_predict(self, y: pd.DataFrame, horizon: int) -> pd.DataFrame:
        """Predict `horizon` hours; see `Forecaster.fit_predict`."""
        values = y["y"].to_numpy(dtype=np.float64)
        season = season_length(len(values))
        seasons = _by_season(values, season)
        steps = np.arange(horizon)
        point = _latest(seasons, values)[steps % season]
        ahead = steps // season + 1
        # Half of the history at most, so that a far horizon does not hang on one old season.
        ahead = np.minimum(ahead, max(len(seasons) // 2, 1))
        spread = np.zeros((horizon, len(QUANTILES)))
        for seasons_ahead in np.unique(ahead):
            spread[ahead == seasons_ahead] = _difference_quantiles(seasons, int(seasons_ahead))
        return quantile_frame(future_hours(y["ds"].iloc[-1], horizon), point[:, None] + spread)


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


def _difference_quantiles(seasons: FloatArray, ahead: int) -> FloatArray:
    """Quantiles of the differences between hours so many seasons apart; zero when none exist."""
    differences = (seasons[ahead:] - seasons[:-ahead]).ravel()
    differences = differences[~np.isnan(differences)]
    if differences.size == 0:
        return np.zeros(len(QUANTILES))
    both_ways = np.concatenate([differences, -differences])
    return np.quantile(both_ways, list(QUANTILES.values()))

"""Burst risk for people with long frames."""

import numpy as np
import pandas as pd

from forecasts.bursts.risk import BURST_COLUMNS, burst_risk
from forecasts.frames import QUANTILES, typed
from forecasts.panel import to_panel

#: Series at a time, which also lend each other what they lack.
_GROUP = 256


def daily_burst_risk(
    history: pd.DataFrame, forecasts: pd.DataFrame, created_at: pd.Timestamp
) -> pd.DataFrame:
    """Say what bursts may do to each forecast day of every series.

    Args:
        history: Columns unique_id, measure, ds, y, as `forecast_demand` reads them.
        forecasts: `FORECAST_COLUMNS`; the champions' rows are used.
        created_at: The newest data hour of all series.

    Returns:
        `BURST_COLUMNS` ordered by unique_id, measure and date_day; see `burst_risk`. Empty and
        typed where nothing was forecast.
    """
    created = pd.Timestamp(created_at).floor("h")
    champions = forecasts[forecasts["is_champion"]].sort_values(["unique_id", "ds"])
    frames: list[pd.DataFrame] = []
    for measure, rows in champions.groupby("measure", sort=True):
        panel = to_panel(history[history["measure"] == measure], created)
        kept = np.flatnonzero(np.isin(panel.ids, rows["unique_id"].unique()))
        values = rows[list(QUANTILES)].to_numpy(dtype=np.float64)
        values = values.reshape(len(kept), -1, len(QUANTILES))
        for first in range(0, len(kept), _GROUP):
            some = slice(first, first + _GROUP)
            frames.append(burst_risk(panel.take(kept[some]), values[some], str(measure)))
    if not frames:
        return typed(pd.DataFrame(), BURST_COLUMNS)
    stacked = pd.concat(frames, ignore_index=True)
    return typed(stacked.sort_values(["unique_id", "measure", "date_day"]), BURST_COLUMNS)

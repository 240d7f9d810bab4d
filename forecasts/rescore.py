"""How wrong today's code would have been at any past hour."""

import numpy as np
import pandas as pd

from forecasts.backtest import fold_rows
from forecasts.demand import forecast_demand
from forecasts.folds import Fold
from forecasts.frames import BACKTEST_COLUMNS, HOUR, LEVELS, QUANTILES, WEEK_HOURS, typed
from forecasts.panel import Panel, to_panel

_BASELINE = "seasonal_naive"


def rescore(history: pd.DataFrame, cutoff: pd.Timestamp) -> pd.DataFrame:
    """Forecast the week after a past hour from what was known then, and score every model.

    Args:
        history: Columns unique_id, measure, ds and y, as for `forecast_demand`; rows after the
            cutoff are what the forecasts are compared with, up to 168 hours.
        cutoff: The last hour that the models may see (naive UTC).

    Returns:
        `BACKTEST_COLUMNS`; `created_at` is the newest hour of the history.

    Raises:
        ValueError: No series has a known hour at or before the cutoff, or none after it.
    """
    last = pd.Timestamp(cutoff).floor("h")
    newest = pd.Timestamp(history["ds"].max()).floor("h") if len(history) else last
    ahead = min(int((newest - last) / HOUR), WEEK_HOURS)
    known = history[history["ds"] < last + HOUR]
    if known["y"].notna().sum() == 0:
        raise ValueError(f"no demand is known at or before {last:%Y-%m-%d %H:%M} UTC")
    if ahead < 1:
        raise ValueError(
            f"{last:%Y-%m-%d %H:%M} UTC is not before the newest hour with demand, "
            f"{newest:%Y-%m-%d %H:%M} UTC: there is nothing to compare with"
        )
    forecasts = forecast_demand(known, last, horizon_hours=ahead).forecasts
    made = [
        _scored(rows, history[history["measure"] == measure], last, ahead).assign(measure=measure)
        for measure, rows in forecasts.groupby("measure", sort=True)
    ]
    keys = ["unique_id", "measure", "model", "cutoff", "horizon_bucket"]
    scored = pd.concat(made, ignore_index=True).assign(created_at=newest)
    return typed(scored, BACKTEST_COLUMNS).sort_values(keys, ignore_index=True)


def _scored(
    forecasts: pd.DataFrame, history: pd.DataFrame, cutoff: pd.Timestamp, ahead: int
) -> pd.DataFrame:
    """Rows of `fold_rows` for the series of one measure."""
    whole = to_panel(history, cutoff + ahead * HOUR)
    past = whole.before(ahead)
    fold = Fold(past, np.arange(len(past.ids)), _came(whole, past, ahead))
    predicted = {
        str(model): rows.sort_values(["unique_id", "ds"])[list(QUANTILES)]
        .to_numpy(dtype=np.float64)
        .reshape(len(past.ids), ahead, len(LEVELS))
        for model, rows in forecasts.groupby("model", sort=True)
    }
    return fold_rows(fold, predicted, _BASELINE)


def _came(whole: Panel, past: Panel, ahead: int) -> np.ndarray:
    rows = np.flatnonzero(np.isin(whole.ids, past.ids))
    return whole.y[rows, whole.hours - ahead :]

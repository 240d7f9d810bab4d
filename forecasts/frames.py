"""The shapes that go in and out: column names, dtypes, the hourly grid."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

FloatArray = npt.NDArray[np.float64]

HOUR = pd.Timedelta(hours=1)
DAY_HOURS = 24
WEEK_HOURS = 168

#: The published quantile columns and their levels, in ascending order.
QUANTILES: dict[str, float] = {
    "y_p50": 0.50,
    "y_p80": 0.80,
    "y_p90": 0.90,
    "y_p95": 0.95,
    "y_p99": 0.99,
}

#: The same levels as numbers.
LEVELS: tuple[float, ...] = tuple(QUANTILES.values())

_TEXT = "object"
_TIME = "datetime64[us]"

FORECAST_COLUMNS: dict[str, str] = {
    "unique_id": _TEXT,
    "measure": _TEXT,
    "model": _TEXT,
    "is_champion": "bool",
    "champion_reason": _TEXT,
    "ds": _TIME,
    "created_at": _TIME,
    **dict.fromkeys(QUANTILES, "float64"),
}

BACKTEST_COLUMNS: dict[str, str] = {
    "unique_id": _TEXT,
    "measure": _TEXT,
    "model": _TEXT,
    "cutoff": _TIME,
    "created_at": _TIME,
    "horizon_bucket": _TEXT,
    "wape": "float64",
    "mase": "float64",
    "pinball": "float64",
    "coverage_90": "float64",
    "skill_vs_seasonal_naive": "float64",
}


@dataclass(frozen=True)
class DemandForecast:
    """Forecasts and the backtests that chose between them.

    Attributes:
        forecasts: One row per unique_id, measure, model and hour, `FORECAST_COLUMNS`. The y_*
            columns are in the measure's own unit (GPUs, requests per hour, tokens per hour).
        backtests: One row per unique_id, measure, model, cutoff and horizon bucket,
            `BACKTEST_COLUMNS`. Null where a figure has no meaning (an error relative to zero).
    """

    forecasts: pd.DataFrame
    backtests: pd.DataFrame


def typed(frame: pd.DataFrame, columns: dict[str, str]) -> pd.DataFrame:
    """Put a frame into the given columns, order and dtypes; an empty one becomes typed and empty.

    Args:
        frame: Holds at least the columns, or no rows at all.
        columns: Name to pandas dtype.

    Returns:
        A frame with exactly these columns and a fresh index.
    """
    return frame.reindex(columns=list(columns)).astype(columns).reset_index(drop=True)


def season_length(hours: int) -> int:
    """Choose the season that a history of so many hours has seen at least twice.

    Returns:
        168 (a week), 24 (a day), or 1 (none).
    """
    if hours >= 2 * WEEK_HOURS:
        return WEEK_HOURS
    return DAY_HOURS if hours >= 2 * DAY_HOURS else 1


def proper(values: FloatArray) -> FloatArray:
    """Make (..., levels) quantiles of demand: not negative, not crossing."""
    return np.maximum.accumulate(np.maximum(values, 0.0), axis=-1)

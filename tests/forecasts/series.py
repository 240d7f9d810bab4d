"""Series with planted truth for the forecast tests."""

import numpy as np
import pandas as pd

END = pd.Timestamp("2024-06-30 23:00")


def hourly(y: object, end: pd.Timestamp = END) -> pd.DataFrame:
    """One series that ends at `end`: columns ds, y."""
    values = np.asarray(y, dtype=np.float64)
    return pd.DataFrame({"ds": pd.date_range(end=end, periods=len(values), freq="h"), "y": values})


def history(series: dict[str, object]) -> pd.DataFrame:
    """Several series in the long shape, measure requests."""
    frames = [hourly(y).assign(unique_id=name, measure="requests") for name, y in series.items()]
    return pd.concat(frames, ignore_index=True)


def planted(hours: int, start: int = 0) -> np.ndarray:
    """A daily and a weekly wave around 1,000, without noise; `start` shifts the clock."""
    hour = np.arange(start, start + hours)
    day, week = np.sin(2 * np.pi * hour / 24), np.sin(2 * np.pi * hour / 168)
    return 1000.0 + 500.0 * day + 200.0 * week

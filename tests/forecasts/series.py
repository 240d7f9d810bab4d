"""Series with planted truth for the forecast tests."""

import numpy as np
import pandas as pd

from forecasts.panel import Panel, to_panel

END = pd.Timestamp("2024-06-30 23:00")


def hourly(y: object, end: pd.Timestamp = END) -> pd.DataFrame:
    """One series that ends at `end`: columns ds, y."""
    values = np.asarray(y, dtype=np.float64)
    return pd.DataFrame({"ds": pd.date_range(end=end, periods=len(values), freq="h"), "y": values})


def history(series: dict[str, object]) -> pd.DataFrame:
    """Several series in the long shape, measure requests."""
    frames = [hourly(y).assign(unique_id=name, measure="requests") for name, y in series.items()]
    return pd.concat(frames, ignore_index=True)


def one(y: object) -> pd.DataFrame:
    """One series in the long shape."""
    return hourly(y).assign(unique_id="a")


def planted(hours: int, start: int = 0) -> np.ndarray:
    """A daily and a weekly wave around 1,000, without noise; `start` shifts the clock."""
    hour = np.arange(start, start + hours)
    day, week = np.sin(2 * np.pi * hour / 24), np.sin(2 * np.pi * hour / 168)
    return 1000.0 + 500.0 * day + 200.0 * week


def panel(series: dict[str, object], end: pd.Timestamp = END) -> Panel:
    """Series as a panel; shorter ones begin later."""
    return to_panel(history(series), end)


def noisy(hours: int, seed: int, noise: float = 0.2, start: int = 0) -> np.ndarray:
    """The planted waves with multiplicative noise: busy hours vary more than quiet ones."""
    random = np.random.default_rng(seed)
    return planted(hours, start) * random.lognormal(0.0, noise, hours)


def wandering(hours: int, seed: int) -> np.ndarray:
    """A level without a season that drifts back to 40 slowly, as GPUs of a cluster do."""
    random = np.random.default_rng(seed)
    steps = random.normal(0.0, 3.0, hours)
    y = np.empty(hours)
    level = 40.0
    for hour in range(hours):
        level += 0.01 * (40.0 - level) + steps[hour]
        level = min(max(level, 0.0), 64.0)
        y[hour] = level
    return y


def bursty(hours: int, seed: int) -> np.ndarray:
    """A few requests an hour, and now and then hundreds."""
    random = np.random.default_rng(seed)
    bursts = np.where(random.random(hours) < 0.05, random.lognormal(6.0, 1.0, hours), 0.0)
    return random.poisson(3.0, hours) + bursts

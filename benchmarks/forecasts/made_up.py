"""Hourly series for the speed rows: seasonal, shifted, bursty, with gaps; any number, by seed."""

import numpy as np
import pandas as pd

from forecasts.frames import FloatArray
from forecasts.panel import Panel

POINTS = 2160
_END = pd.Timestamp("2024-03-31 23:00")


def made_up_panel(series: int, points: int = POINTS, seed: int = 7) -> Panel:
    """Draw series of requests per hour.

    Every fifth moves to another level, every seventh has bursts, every ninth a day unknown.

    Args:
        series: How many.
        points: Hours of each.
        seed: The same seed gives the same series.
    """
    draw = np.random.default_rng(seed)
    hour = np.arange(points)
    number = np.arange(series)
    level = np.exp(draw.normal(6.0, 1.5, (series, 1)))
    day = draw.uniform(0.1, 0.8, (series, 1)) * np.sin(
        2 * np.pi * (hour / 24 + draw.uniform(0, 1, (series, 1)))
    )
    weekend = np.where(hour // 24 % 7 >= 5, draw.uniform(0.3, 1.0, (series, 1)), 1.0)
    mean = level * (1.0 + day) * weekend * _shifts(draw, number, points)
    y = np.floor(mean * np.exp(draw.normal(0.0, 0.2, mean.shape)))
    bursts = (number[:, None] % 7 == 0) & (draw.random(y.shape) < 0.01)
    y = np.where(bursts, y * 5.0, y)
    start = draw.integers(0, points - 24, (series, 1))
    gone = (number[:, None] % 9 == 0) & (hour >= start) & (hour < start + 24)
    ids = tuple(f"series-{one:05d}" for one in range(series))
    return Panel(ids, _END, np.where(gone, np.nan, y))


def _shifts(draw: np.random.Generator, number: np.ndarray, points: int) -> FloatArray:
    at = draw.integers(points // 4, points, (len(number), 1))
    factor = np.where(number[:, None] % 5 == 0, draw.uniform(0.3, 3.0, (len(number), 1)), 1.0)
    return np.where(np.arange(points) >= at, factor, 1.0)

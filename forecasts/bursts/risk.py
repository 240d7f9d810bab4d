"""Burst risk day by day: how likely, how many, and how high the day's peak may go."""

import numpy as np
import pandas as pd

from forecasts.bursts.paths import PATHS, simulate
from forecasts.bursts.process import burst_probabilities, fit_bursts
from forecasts.frames import QUANTILES, FloatArray, typed
from forecasts.panel import Panel

BURST_COLUMNS: dict[str, str] = {
    "unique_id": "object",
    "measure": "object",
    "date_day": "datetime64[us]",
    "created_at": "datetime64[us]",
    "burst_probability": "float64",
    "expected_bursts": "float64",
    "burst_threshold": "float64",
    "expected_extra": "float64",
    "peak_p95": "float64",
    "peak_p99": "float64",
}

_PEAK_LEVELS = (0.95, 0.99)
_LIFTED = {"y_p95": 0.95, "y_p99": 0.99}
#: With fewer events of its own a series' forecast knows more than the simulation.
_OWN_EVENTS = 5
#: So many events give the simulation half of the say.
_HALF_OF_THE_SAY = 10.0


def burst_risk(
    panel: Panel, quantiles: FloatArray, measure: str, paths: int = PATHS
) -> pd.DataFrame:
    """Say what bursts may do to each of the next days.

    Args:
        panel: Demand up to its end, hourly.
        quantiles: (series, horizon, 5) forecast of the hours after it.
        measure: What is forecast; goes into the rows.
        paths: Simulated futures per series.

    Returns:
        `BURST_COLUMNS`, one row per series and UTC day with an hour in the horizon.
        burst_probability is of at least one burst hour, expected_bursts how many begin,
        burst_threshold the day's lowest demand that is a burst (null while nothing is usual yet),
        expected_extra the mean of the day's peak with bursts less that without, peak_p95 and
        peak_p99 quantiles of the day's highest hour; all but the first two in the unit of the
        measure.

    Raises:
        ValueError: The quantiles' shape does not fit the panel.
    """
    if quantiles.ndim != 3 or quantiles.shape[::2] != (len(panel.ids), len(QUANTILES)):
        raise ValueError(f"{quantiles.shape} quantiles for {len(panel.ids)} series")
    if not quantiles.size:
        return typed(pd.DataFrame(), BURST_COLUMNS)
    process = fit_bursts(panel, quantiles.shape[1])
    probability = burst_probabilities(process)
    starts = np.flatnonzero(np.diff(process.days, prepend=-1))
    dates = panel.future(process.horizon)[starts].normalize()
    frames: list[pd.DataFrame] = []
    for row, unique_id in enumerate(panel.ids):
        drawn = simulate(process, row, quantiles[row], paths)
        peaks = np.maximum.reduceat(drawn.demand, starts, axis=1)
        calm = np.maximum.reduceat(drawn.calm, starts, axis=1)
        p95, p99 = np.quantile(peaks, _PEAK_LEVELS, axis=0)
        threshold = np.minimum.reduceat(process.season.ahead[row], starts)
        frames.append(
            pd.DataFrame(
                {
                    "unique_id": unique_id,
                    "date_day": dates,
                    "burst_probability": probability[row],
                    "expected_bursts": np.add.reduceat(process.rates.per_hour[row], starts),
                    "burst_threshold": np.where(np.isinf(threshold), np.nan, threshold),
                    "expected_extra": (peaks - calm).mean(axis=0),
                    "peak_p95": p95,
                    "peak_p99": p99,
                }
            )
        )
    rows = pd.concat(frames, ignore_index=True)
    return typed(rows.assign(measure=measure, created_at=panel.end), BURST_COLUMNS)


def lift(panel: Panel, quantiles: FloatArray, paths: int = PATHS) -> FloatArray:
    """Put the bursts into the upper quantiles of a forecast.

    Args:
        panel: Demand up to its end.
        quantiles: (series, horizon, 5) forecast.
        paths: Simulated futures per series.

    Returns:
        The same shape. Where a series has shown five bursts the 95 % and 99 % quantiles are drawn
        to the simulation's, the more the more bursts it has shown; never below the 90 % quantile.
    """
    process = fit_bursts(panel, quantiles.shape[1])
    lifted = quantiles.copy()
    names = list(QUANTILES)
    counts = np.bincount(process.events.series, minlength=len(panel.ids))
    for row in np.flatnonzero(counts >= _OWN_EVENTS):
        say = counts[row] / (counts[row] + _HALF_OF_THE_SAY)
        drawn = simulate(process, int(row), quantiles[row], paths)
        simulated = np.quantile(drawn.demand, list(_LIFTED.values()), axis=0)
        for name, values in zip(_LIFTED, simulated, strict=True):
            column = names.index(name)
            lifted[row, :, column] += say * (values - lifted[row, :, column])
    return np.maximum.accumulate(lifted, axis=2)

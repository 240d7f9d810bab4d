"""`python -m benchmarks.forecasts.burst_days`: burst probabilities of many days, in seconds.

The bench's few cutoffs hold few days with bursts. Here every other day is a cutoff, and each of the
seven days after it is scored against a constant rate. No forecast is needed: whether an hour is a
burst depends on the past alone.
"""

import sys
from collections.abc import Iterator

import numpy as np
import pandas as pd

from benchmarks.forecasts.burst_scores import constant_rate
from benchmarks.forecasts.series import real_series
from forecasts.bursts import burst_probabilities, fit_bursts
from forecasts.event_scores import brier, log_score
from forecasts.frames import DAY_HOURS
from forecasts.panel import to_panel

_FIRST_DAY, _STEP, _AHEAD = 8, 2, 7


def scored_days(series: pd.DataFrame) -> pd.DataFrame:
    """Forecast and look at every day.

    Args:
        series: Columns family, unique_id, ds, y.

    Returns:
        One row per series, cutoff and day ahead: family, unique_id, happened, probability,
        constant.
    """
    return pd.concat(list(_cutoffs(series)), ignore_index=True)


def table(days: pd.DataFrame) -> list[str]:
    """One Markdown line per family, of the API stream, and of all."""
    groups = [(str(name), part) for name, part in days.groupby("family", sort=True)]
    api = days[days["unique_id"] == "requests_api"]
    lines = ["| series | days | with a burst | Brier | constant | log score | constant |"]
    lines.append("| --- |" + " ---: |" * 6)
    for name, part in [("BurstGPT API", api), *groups, ("all", days)]:
        happened = part["happened"].to_numpy(dtype=bool)
        said = [part[column].to_numpy(dtype=np.float64) for column in ("probability", "constant")]
        figures = [happened.mean() if happened.size else np.nan]
        figures += [score(happened, one) for score in (brier, log_score) for one in said]
        lines.append(f"| {name} | {len(part)} | " + " | ".join(f"{f:.3f}" for f in figures) + " |")
    return lines


def _cutoffs(series: pd.DataFrame) -> Iterator[pd.DataFrame]:
    hours = _AHEAD * DAY_HOURS
    for family, rows in series.groupby("family", sort=True):
        whole = to_panel(rows, rows["ds"].max())
        for day in range(_FIRST_DAY, whole.hours // DAY_HOURS - _AHEAD + 1, _STEP):
            past = whole.before(whole.hours - day * DAY_HOURS)
            process = fit_bursts(past, hours)
            future = whole.y[np.isin(whole.ids, past.ids), past.hours : past.hours + hours]
            with np.errstate(invalid="ignore"):
                above = future > process.season.ahead
            happened = above.reshape(len(above), _AHEAD, DAY_HOURS).any(axis=2)
            yield pd.DataFrame(
                {
                    "family": family,
                    "unique_id": np.repeat(past.ids, _AHEAD),
                    "happened": happened.ravel(),
                    "probability": burst_probabilities(process)[:, :_AHEAD].ravel(),
                    "constant": np.repeat(constant_rate(process), _AHEAD),
                }
            )


if __name__ == "__main__":
    sys.stdout.write("\n".join(table(scored_days(real_series()))) + "\n")

"""`currency/`: US dollars per euro on working days, an invented walk near 2026's level."""

import numpy as np
import pyarrow as pa

from ingestion.demo.calendar import Calendar
from ingestion.demo.demand import stream_seed

EURO = "EUR"
# Rates begin before the window, so that a window that starts on a Sunday has one.
_DAYS_BEFORE = 6
_LEVEL, _DAILY_SD = 11_600, 35
_SATURDAY = 5


def euro_rates(calendar: Calendar, seed: int) -> np.ndarray:
    """The rate that holds on each day of the window, in ten-thousandths: weekends keep Friday's."""
    fixed, is_fixing = _walk(calendar, seed)
    latest = np.maximum.accumulate(np.where(is_fixing, np.arange(len(fixed)), 0))
    return fixed[latest][_DAYS_BEFORE:]


def currency_table(calendar: Calendar, seed: int) -> pa.Table:
    """`currency/ecb-reference-rates.csv`, as text: fixings only."""
    fixed, is_fixing = _walk(calendar, seed)
    days = np.flatnonzero(is_fixing)
    return pa.table(
        {
            "date": [str(calendar.day(int(day) - _DAYS_BEFORE)) for day in days],
            "currency": pa.repeat(pa.scalar(EURO), len(days)),
            "usd_rate": [f"{rate / 10_000:.4f}" for rate in fixed[days].tolist()],
        }
    )


def _walk(calendar: Calendar, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Rates of every day from before the window on, and whether the day has a fixing."""
    count = calendar.days + _DAYS_BEFORE
    rng = stream_seed(seed, "currency:EUR")
    steps = np.rint(rng.normal(0, _DAILY_SD, count)).astype(np.int64)
    weekday = (calendar.day(-_DAYS_BEFORE).weekday() + np.arange(count)) % 7
    return np.clip(_LEVEL + np.cumsum(steps), 9_000, 14_000), weekday < _SATURDAY

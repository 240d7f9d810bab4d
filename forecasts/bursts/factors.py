"""When bursts begin: by hour of day and day of week, as far as it is more than chance."""

import numpy as np

from forecasts.bursts.events import Events
from forecasts.bursts.season import Season
from forecasts.frames import DAY_HOURS, FloatArray

WEEKDAYS = 7
EVEN = 1e6


def begins(season: Season, events: Events) -> FloatArray:
    """(series, hours) 1 where an event begins."""
    found = np.zeros(season.y.shape)
    np.add.at(found, (events.series, events.start), 1.0)
    return found


def cell_factors(
    begun: FloatArray, exposed: np.ndarray, cell: np.ndarray, cells: int
) -> FloatArray:
    """Compare each cell's rate with the series' rate.

    Args:
        begun: (series, hours) events that begin.
        exposed: (series, hours) whether one could have been seen.
        cell: (hours,) number of each hour's cell.
        cells: How many there are.

    Returns:
        (series, cells) with mean 1, shrunk to it as far as the counts differ by chance.
    """
    member = (cell[:, None] == np.arange(cells)).astype(np.float64)
    counts, hours = begun @ member, exposed @ member
    rate = counts.sum(axis=1) / np.maximum(hours.sum(axis=1), 1.0)
    expected = hours * rate[:, None]
    shape = gamma_shape(counts, expected)[:, None]
    factors = (counts + shape) / (expected + shape)
    return factors / factors.mean(axis=1, keepdims=True)


def busy_days(begun: FloatArray, exposed: np.ndarray) -> FloatArray:
    """(series,) gamma shape by which whole days are busier or calmer than expected."""
    whole = begun.shape[1] // DAY_HOURS * DAY_HOURS
    shape = (len(begun), -1, DAY_HOURS)
    counts = begun[:, begun.shape[1] - whole :].reshape(shape).sum(axis=2)
    seen = exposed[:, begun.shape[1] - whole :].reshape(shape).mean(axis=2)
    rate = counts.sum(axis=1) / np.maximum(seen.sum(axis=1), 1.0)
    return gamma_shape(counts, seen * rate[:, None])


def gamma_shape(counts: FloatArray, expected: FloatArray) -> FloatArray:
    """(series,) shape of the gamma by which (series, cells) counts differ beyond Poisson chance.

    Var(count) = expected + expected^2 / shape. One standard error of that spread is allowed for,
    so that a few events do not make a pattern; `EVEN` where there is none.
    """
    square = (expected**2).sum(axis=1)
    chance = np.sqrt(2.0 * square + expected.sum(axis=1))
    beyond = ((counts - expected) ** 2 - expected).sum(axis=1) - chance
    return np.where(beyond > 0.0, square / np.maximum(beyond, 1e-12), EVEN)

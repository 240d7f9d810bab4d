"""The burst process of a panel: everything that is estimated from its past."""

from dataclasses import dataclass

import numpy as np

from forecasts.bursts.events import Events, find_events
from forecasts.bursts.rates import Rates, fit_rates
from forecasts.bursts.season import Season, season
from forecasts.bursts.sizes import Sizes, fit_sizes
from forecasts.frames import DAY_HOURS, HOUR, FloatArray
from forecasts.panel import Panel

#: With fewer events of its own a series' bursts run like those of the whole panel.
_OWN_EVENTS = 5
_MONDAY = np.datetime64("1970-01-05")


@dataclass(frozen=True)
class BurstProcess:
    """Estimates for the hours after a panel's end.

    Attributes:
        panel: What they rest on.
        season: Usual demand and thresholds, past and ahead.
        events: The bursts found in the past.
        rates: How often they will begin.
        sizes: How high they will go.
    """

    panel: Panel
    season: Season
    events: Events
    rates: Rates
    sizes: Sizes

    @property
    def horizon(self) -> int:
        """Hours ahead."""
        return self.season.ahead.shape[1]

    @property
    def days(self) -> np.ndarray:
        """(horizon,) number of the UTC day of each hour ahead, from 0."""
        first = self.panel.end.hour + 1
        return (first + np.arange(self.horizon)) // DAY_HOURS - first // DAY_HOURS

    def templates(self, row: int) -> np.ndarray:
        """Events whose course a burst of this series may take."""
        own = np.flatnonzero(self.events.series == row)
        return own if own.size >= _OWN_EVENTS else np.arange(self.events.series.size)


def fit_bursts(panel: Panel, horizon: int) -> BurstProcess:
    """Estimate the burst process of every series.

    Args:
        panel: Demand up to its end; what a series lacks it borrows from the others.
        horizon: Hours ahead.
    """
    found = season(panel, horizon)
    events = find_events(found)
    end_hour = int((panel.end - _MONDAY) / HOUR)
    return BurstProcess(
        panel=panel,
        season=found,
        events=events,
        rates=fit_rates(found, events, end_hour, horizon),
        sizes=fit_sizes(events.peak, events.series, len(panel.ids)),
    )


def burst_probabilities(process: BurstProcess) -> FloatArray:
    """(series, days) probability that a day has at least one burst hour; 0 for a dead series."""
    return process.rates.probability

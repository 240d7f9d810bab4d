"""Days and hours known to differ: public holidays, launches, rollouts."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from forecasts.frames import FloatArray


@dataclass(frozen=True)
class Event:
    """Something that changes demand from one hour to another.

    Attributes:
        name: What it is, for people.
        start: First hour (naive UTC).
        end: First hour after it; None for what stays, such as a launch.
    """

    name: str
    start: pd.Timestamp
    end: pd.Timestamp | None = None


@dataclass(frozen=True)
class Events:
    """Known events, as columns that a model can learn a coefficient for.

    Attributes:
        country: ISO code whose public holidays share one column (package holidays); none if empty.
        events: Events with a column for each name: 1 while one of that name lasts. The coming
            sale is learnt from the past ones by giving them one name.
    """

    country: str = ""
    events: Sequence[Event] = field(default=())

    def columns(self, ds: pd.DatetimeIndex) -> FloatArray:
        """(hours, columns) of 0 and 1; no columns without events.

        Raises:
            ValueError: There are no holidays of that country to know.
        """
        names = dict.fromkeys(event.name for event in self.events)
        columns = [
            np.max([_between(ds, e.start, e.end) for e in self.events if e.name == name], axis=0)
            for name in names
        ]
        if self.country:
            import holidays

            if self.country.upper() not in holidays.list_supported_countries():
                raise ValueError(
                    f"no public holidays are known for country {self.country!r}; "
                    "use a two-letter ISO 3166 code such as DE or US"
                )
            years = range(ds[0].year, ds[-1].year + 1)
            days = holidays.country_holidays(self.country.upper(), years=years)
            free = pd.DatetimeIndex(sorted(days))
            columns.append(np.asarray(ds.normalize().isin(free), dtype=np.float64))
        return np.stack(columns, axis=1) if columns else np.empty((len(ds), 0))


#: Nothing is known to differ.
NO_EVENTS = Events()


def _between(ds: pd.DatetimeIndex, start: pd.Timestamp, end: pd.Timestamp | None) -> FloatArray:
    inside = np.asarray(ds >= start)
    if end is not None:
        inside &= np.asarray(ds < end)
    return inside.astype(np.float64)

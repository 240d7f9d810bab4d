"""The demo company's window: its days, its months and the days on which something happens.

The window ends with a fixed day, so that the wall clock never enters a file.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

END = date(2026, 7, 1)  # the first day after the last full one
MAX_DAYS = 1096
# What takes a share of a short window takes no longer than this in a long one.
_LONGEST_ROLLOUT, _LONGEST_TRAINING = 10, 60


@dataclass(frozen=True)
class Month:
    """One billing period, and the part of it inside the window.

    Args:
        label: `YYYY-MM`.
        start: First day of the billing period.
        end: First day after it.
        first: Offset of its first day inside the window.
        stop: Offset after its last day inside the window.
    """

    label: str
    start: date
    end: date
    first: int
    stop: int


@dataclass(frozen=True)
class Calendar:
    """The window of `days` full UTC days before `END`, addressed by day offsets 0..days-1.

    Args:
        days: Number of days, 1 to `MAX_DAYS`.
        is_clean: Whether nothing is planted: the same company on its best behaviour.
    """

    days: int
    is_clean: bool = False

    @property
    def first_day(self) -> date:
        """The first day of the window."""
        return END - timedelta(days=self.days)

    def day(self, offset: int) -> date:
        """The day at an offset; offsets before 0 lie before the window."""
        return self.first_day + timedelta(days=offset)

    def hours(self, first: int, stop: int) -> np.ndarray:
        """Starts of the hours of days `first` to before `stop`, datetime64[us]."""
        begin = np.datetime64(self.day(first), "h")
        return (begin + np.arange((stop - first) * 24)).astype("datetime64[us]")

    def midnights(self, first: int, stop: int) -> np.ndarray:
        """Starts of the days `first` to before `stop`, datetime64[us]."""
        begin = np.datetime64(self.day(first), "D")
        return (begin + np.arange(stop - first)).astype("datetime64[us]")

    @property
    def months(self) -> tuple[Month, ...]:
        """The billing periods that the window touches, oldest first."""
        found = []
        start = self.first_day.replace(day=1)
        while start < END:
            end = (start + timedelta(days=32)).replace(day=1)
            first = max(0, (start - self.first_day).days)
            stop = min(self.days, (end - self.first_day).days)
            found.append(Month(f"{start:%Y-%m}", start, end, first, stop))
            start = end
        return tuple(found)

    def _rollout(self, part: int) -> int:
        return min(_LONGEST_ROLLOUT, max(1, self.days // part))

    @property
    def tuning_start(self) -> int:
        """First day of the fine-tuning of chat-assistant v2."""
        return max(0, self.chat_v2_start - min(_LONGEST_ROLLOUT, max(1, self.days // 9)))

    @property
    def chat_v2_start(self) -> int:
        """First day that chat-assistant v2 serves, as a canary."""
        return self.days * 47 // 100

    @property
    def chat_v1_stop(self) -> int:
        """The day after the last that chat-assistant v1 serves."""
        return self.chat_v2_start + self._rollout(13)

    @property
    def training_start(self) -> int:
        """First day of search-ranker v2's training."""
        return max(0, self.training_stop - _LONGEST_TRAINING)

    @property
    def training_stop(self) -> int:
        """The day after the last of search-ranker v2's training; from then on its GPUs idle."""
        return self.days // 2

    @property
    def recommender_v2_start(self) -> int:
        """First day that recommender v2 serves."""
        return self.days * 36 // 100

    @property
    def recommender_v1_stop(self) -> int:
        """The day after the last that recommender v1 serves."""
        return self.recommender_v2_start + self._rollout(22)

    @property
    def copilot_v2_start(self) -> int:
        """First day that support-copilot v2 serves."""
        return self.days * 6 // 10

    @property
    def copilot_v1_stop(self) -> int:
        """The day after the last that support-copilot v1 serves."""
        return self.copilot_v2_start + self._rollout(18)

    @property
    def writer_v2_start(self) -> int:
        """First day that listing-writer v2 serves."""
        return self.days * 55 // 100

    @property
    def writer_v1_stop(self) -> int:
        """The day after the last that listing-writer v1 serves."""
        return self.writer_v2_start + self._rollout(22)

    @property
    def tagger_sunset(self) -> int:
        """The day from which query-tagger v1 is sunset: it serves nobody any more."""
        return self.days * 45 // 100

    @property
    def price_change(self) -> int:
        """The day from which gpt-4o is dearer, a fortnight after support-copilot v2 came.

        Never in a clean company.
        """
        return self.days if self.is_clean else self.days * 88 // 100

    @property
    def spike_day(self) -> int | None:
        """The day whose first hours hold the spike; None where the window is too short for it."""
        return None if self.is_clean or self.days < 30 else self.days * 85 // 100

    @property
    def shadow_start(self) -> int | None:
        """First day of the untagged endpoint: of the last month with four weeks before it."""
        last = self.months[-1].first
        return None if self.is_clean or last < 28 else last

"""How well the flagged days are the planted ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.anomalies.series import DAYS, HARD, HISTORY, SIZES, Case
from benchmarks.anomalies.warehouse import Flag

_MONTH_DAYS = 365.25 / 12
_JUDGED_MONTHS = (DAYS - HISTORY) / _MONTH_DAYS


@dataclass(frozen=True)
class Score:
    """Counts over a group of cases.

    Args:
        cases: How many there are.
        planted: Spikes planted.
        found: Of them flagged on their day.
        false_alarms: Days flagged that are neither a spike nor the first days of a new level.
        shift_alarms: Days flagged among the first days of a new level.
        right_causes: Found spikes whose cause is the planted one.
        right_values: Found spikes that are valueless exactly where no value was planted.
    """

    cases: int
    planted: int
    found: int
    false_alarms: int
    shift_alarms: int
    right_causes: int
    right_values: int

    @property
    def recall(self) -> float | None:
        """Share of the planted spikes that were found."""
        return self.found / self.planted if self.planted else None

    @property
    def precision(self) -> float | None:
        """Share of the flagged days, new levels left out, that are planted spikes."""
        flags = self.found + self.false_alarms
        return self.found / flags if flags else None

    @property
    def false_alarms_per_100_months(self) -> float:
        """False alarms per 100 months of one series."""
        return 100 * self.false_alarms / (self.cases * _JUDGED_MONTHS)


def score(cases: Sequence[Case], flags: Mapping[str, Sequence[Flag]]) -> Score:
    """The score of a group of cases."""
    found = false_alarms = shift_alarms = right_causes = right_values = 0
    for case in cases:
        for flag in flags[case.model_name]:
            if flag.day == case.spike_day:
                found += 1
                right_causes += flag.cause == case.cause
                right_values += flag.is_valueless is not case.has_value
            elif flag.day in case.shift_days:
                shift_alarms += 1
            else:
                false_alarms += 1
    return Score(
        len(cases),
        sum(case.spike_day is not None for case in cases),
        found,
        false_alarms,
        shift_alarms,
        right_causes,
        right_values,
    )


def by_size(cases: Sequence[Case], flags: Mapping[str, Sequence[Flag]]) -> dict[float, Score]:
    """Scores of ordinary cases by size of the planted spike."""
    return {size: score([c for c in ordinary(cases) if c.size == size], flags) for size in SIZES}


def by_kind(cases: Sequence[Case], flags: Mapping[str, Sequence[Flag]]) -> dict[str, Score]:
    """Scores by kind of series, all sizes."""
    kinds = {case.kind: None for case in cases}
    return {kind: score([c for c in cases if c.kind == kind], flags) for kind in kinds}


def ordinary(cases: Sequence[Case]) -> list[Case]:
    """The cases of every kind that has an ordinary day."""
    return [case for case in cases if case.kind not in HARD]

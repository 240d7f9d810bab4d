"""Several models as one: the median of their quantiles, with widths that held lately."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from forecasts.calibration import Turned, new_levels, widened, width_factors, with_new_levels
from forecasts.coldstart import completed
from forecasts.folds import folds
from forecasts.frames import LEVELS, FloatArray, proper
from forecasts.models.base import Forecaster
from forecasts.models.global_quantiles import GlobalQuantiles
from forecasts.models.like_hours import like_hours_family
from forecasts.panel import Panel
from forecasts.quiet import find_quiet, predict_quiet
from forecasts.shifts import levelled


@dataclass(frozen=True)
class Combination:
    """The median of the members' quantiles, level by level, recalibrated on past cutoffs.

    Quantiles are combined, not distributions: the answer keeps the members' typical width
    (Lichtendahl, Grushka-Cockayne and Winkler 2013), and the median ignores a member that is lost.
    Quiet series ask no member. Members see new series with a past lent by others, and the past
    before a level shift at the present level.

    Attributes:
        members: The models.
        name: The model's name.
        middle_only: Members that have a say in the median but not in the widths.
        planned: Planned mean demand per hour of new series; see `coldstart.completed`.
    """

    members: Sequence[Forecaster]
    name: str = "combination"
    middle_only: Sequence[str] = ()
    planned: Mapping[str, float] | None = None

    def predict(self, panel: Panel, horizon: int, levels: Sequence[float] = LEVELS) -> FloatArray:
        """Predict `horizon` hours; see `Forecaster.predict`."""
        inner = sorted({0.5, *levels})
        past = [Turned(f.rows, self.raw(f.panel, f.horizon, inner), f.actual) for f in folds(panel)]
        answer = calibrated(self.raw(panel, horizon, inner), past, inner)
        return answer[:, :, [inner.index(level) for level in levels]]

    def raw(self, panel: Panel, horizon: int, levels: Sequence[float]) -> FloatArray:
        """The median of the members as they are, without calibration."""
        quiet = find_quiet(panel)
        answer = predict_quiet(panel, quiet, horizon, levels)
        active = np.flatnonzero(quiet.active)
        if len(active):
            part = panel.take(active)
            prepared = self.prepared(part)
            found = {m.name: self.asked(m, prepared, horizon, levels) for m in self.members}
            answer[active] = self.joined(part, prepared, found, levels)
        return answer

    def asked(
        self, member: Forecaster, panel: Panel, horizon: int, levels: Sequence[float]
    ) -> FloatArray:
        """A member's answer; its median at every level where no more is wanted of it."""
        if member.name not in self.middle_only:
            return member.predict(panel, horizon, levels)
        return np.repeat(member.predict(panel, horizon, (0.5,)), len(levels), axis=2)

    def joined(
        self,
        panel: Panel,
        prepared: Panel,
        found: Mapping[str, FloatArray],
        levels: Sequence[float],
    ) -> FloatArray:
        """Join the members' answers by name: medians level by level, wider for the young."""
        everyone = np.stack([found[member.name] for member in self.members])
        wide = [place for place, m in enumerate(self.members) if m.name not in self.middle_only]
        answer = np.median(everyone[wide], axis=0)
        middle = list(levels).index(0.5)
        answer[:, :, middle] = np.median(everyone[:, :, :, middle], axis=0)
        above, below = slice(middle, None), slice(None, middle + 1)
        answer[:, :, above] = np.maximum.accumulate(answer[:, :, above], axis=2)
        answer[:, :, below] = np.minimum(answer[:, :, below], answer[:, :, middle, None])
        return with_new_levels(proper(answer), new_levels(panel, prepared), levels)

    def prepared(self, panel: Panel) -> Panel:
        """What the members see: new series with a past, and no level shift in it."""
        return levelled(completed(panel, self.planned))


def default_combination(planned: Mapping[str, float] | None = None) -> Combination:
    """The members that earn their place, measured in docs/decisions/0022."""
    return Combination(
        members=(*like_hours_family(), GlobalQuantiles()),
        middle_only=("global_quantiles",),
        planned=planned,
    )


def calibrated(raw: FloatArray, past: Sequence[Turned], levels: Sequence[float]) -> FloatArray:
    """Widen or narrow a combination by how the same combination did at past cutoffs."""
    return widened(raw, width_factors(past, levels, len(raw)), levels)

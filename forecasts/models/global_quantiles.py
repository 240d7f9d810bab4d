"""Gradient boosted quantiles learnt over all series at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from forecasts.frames import DAY_HOURS, LEVELS, WEEK_HOURS, FloatArray, proper
from forecasts.models.lags import Lags
from forecasts.models.seasonal_naive import SeasonalNaive
from forecasts.panel import Panel

_SEED = 20240229
_ROUNDS = 60
_MAX_ROWS = 12_000
#: Hours between origins; not a multiple of a day.
_STEP = 23
#: A burst of more than this many times the level is learnt as this many.
_LARGEST = 50.0


@dataclass(frozen=True)
class GlobalQuantiles:
    """One LightGBM per quantile level over every series, past origin and hour ahead.

    Targets and lags are divided by the series' level at the origin: large and small series teach
    each other and the answer scales with the series. A panel of hours, without an example to learn
    from, is answered as `SeasonalNaive` does.

    Attributes:
        name: The model's name.
        max_rows: Examples drawn from the history to learn from.
    """

    name: str = "global_quantiles"
    max_rows: int = _MAX_ROWS
    rounds: int = _ROUNDS
    leaves: int = 7
    min_leaf: int = 100
    rate: float = 0.08

    def predict(self, panel: Panel, horizon: int, levels: Sequence[float] = LEVELS) -> FloatArray:
        """Predict `horizon` hours; see `Forecaster.predict`."""
        lags = Lags(panel)
        fitted = self.fit(panel, lags, horizon, levels)
        if fitted is None:
            return SeasonalNaive().predict(panel, horizon, levels)
        return fitted.predict(panel, lags, horizon)

    def fit(
        self, panel: Panel, lags: Lags, horizon: int, levels: Sequence[float] = LEVELS
    ) -> "FittedQuantiles | None":
        """Learn from a panel's past, whose statistics are `lags`; None where it is too short."""
        import lightgbm

        series, origin, ahead = _examples(panel, min(horizon, 4 * WEEK_HOURS), self.max_rows)
        rows = lags.rows(series, origin, ahead)
        usable = ~np.isnan(rows.y)
        if not usable.any():
            return None
        data = lightgbm.Dataset(
            rows.x[usable].astype(np.float32),
            np.log1p(10.0 * np.minimum(rows.y[usable], _LARGEST)),
            params={"verbosity": -1, "max_bin": 127},
            free_raw_data=False,
        )
        boosters = [lightgbm.train(self._params(level), data, self.rounds) for level in levels]
        return FittedQuantiles(boosters)

    def _params(self, level: float) -> dict[str, Any]:
        return {
            "objective": "quantile",
            "alpha": level,
            "learning_rate": self.rate,
            "num_leaves": self.leaves,
            "min_data_in_leaf": self.min_leaf,
            "feature_fraction": 0.6,
            "bagging_fraction": 0.7,
            "bagging_freq": 1,
            "lambda_l2": 1.0,
            "num_threads": 1,
            "deterministic": True,
            "force_row_wise": True,
            "seed": _SEED,
            "verbosity": -1,
            "max_bin": 127,
        }


@dataclass(frozen=True)
class FittedQuantiles:
    """Boosters, one per level."""

    boosters: list[Any]

    def predict(self, panel: Panel, lags: Lags, horizon: int) -> FloatArray:
        """(series, horizon, levels) from each series' own recent past."""
        count = len(panel.ids)
        series = np.repeat(np.arange(count), horizon)
        ahead = np.tile(np.arange(1, horizon + 1), count)
        rows = lags.rows(series, np.full(len(series), panel.hours - 1), ahead)
        x = rows.x.astype(np.float32)
        ratio = np.stack([b.predict(x, num_threads=1) for b in self.boosters], axis=1)
        ratio = np.expm1(ratio) / 10.0
        answer = np.where(np.isnan(rows.scale), 0.0, rows.scale)[:, None] * ratio
        return proper(answer.reshape(count, horizon, -1))


def _examples(panel: Panel, horizon: int, most: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Series, origin and hours ahead of the examples: spread evenly over all of them."""
    origins = np.arange(panel.hours - 2, DAY_HOURS, -_STEP)
    origins = origins[:60]
    each = max(most // (len(panel.ids) * max(len(origins), 1)), 1)
    generator = np.random.default_rng(_SEED)
    each = min(each, horizon)
    series = np.repeat(np.arange(len(panel.ids)), len(origins) * each)
    origin = np.tile(np.repeat(origins, each), len(panel.ids))
    ahead = generator.integers(1, horizon + 1, len(series))
    known = origin + ahead < panel.hours
    old = origin - panel.first_hours()[series] >= DAY_HOURS
    keep = known & old
    return series[keep], origin[keep], ahead[keep]

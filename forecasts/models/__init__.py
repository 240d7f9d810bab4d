"""The forecasting models: one protocol, one file each."""

from collections.abc import Mapping

from forecasts.models.base import Forecaster, fit_predict, long_frame
from forecasts.models.combination import Combination, default_combination
from forecasts.models.global_quantiles import GlobalQuantiles
from forecasts.models.like_hours import LikeHours
from forecasts.models.prophet import ProphetForecaster
from forecasts.models.prophet_default import ProphetDefault
from forecasts.models.seasonal_naive import SeasonalNaive, yesterday
from forecasts.models.shape_level import ShapeLevel
from forecasts.models.statistical import Statistical

__all__ = [
    "Combination",
    "Forecaster",
    "GlobalQuantiles",
    "LikeHours",
    "ProphetDefault",
    "ProphetForecaster",
    "SeasonalNaive",
    "ShapeLevel",
    "Statistical",
    "default_combination",
    "default_forecasters",
    "fit_predict",
    "long_frame",
    "named",
    "yesterday",
]


def default_forecasters(planned: Mapping[str, float] | None = None) -> tuple[Forecaster, ...]:
    """List the competing models: the baseline first, and the combination that speaks by default.

    The models that the combination is made of are its members; the first competes alone too.

    Args:
        planned: Planned mean demand per hour of new series, by name.
    """
    combination = default_combination(planned)
    alone = [one for one in combination.members if one.name == "like_hours"]
    return (SeasonalNaive(), ProphetForecaster(), *alone, combination)


def named(name: str) -> Forecaster:
    """Find any model by the name it has in the published tables.

    Raises:
        KeyError: No model has that name; the message lists those that exist.
    """
    every = [
        *default_forecasters(),
        GlobalQuantiles(),
        yesterday(),
        ShapeLevel(),
        ProphetDefault(),
        Statistical("mstl"),
        Statistical("theta"),
        Statistical("ets"),
    ]
    found = {one.name: one for one in every}
    if name not in found:
        raise KeyError(f"no model {name}; there are {', '.join(sorted(found))}")
    return found[name]

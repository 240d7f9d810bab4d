"""One group of series: replay the past, calibrate, choose, predict."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecasts.backtest import fold_losses, fold_rows
from forecasts.calibration import Turned
from forecasts.folds import folds
from forecasts.frames import LEVELS, FloatArray
from forecasts.models import Combination, Forecaster, long_frame
from forecasts.models.combination import calibrated
from forecasts.panel import Panel
from forecasts.quiet import find_quiet, predict_quiet
from forecasts.selection import Choice, choose

#: The levels that models answer at: the published ones and the lower end of a 90 % interval.
INNER_LEVELS: tuple[float, ...] = (0.05, *LEVELS)
_PUBLISHED = slice(1, None)


@dataclass(frozen=True)
class Result:
    """What a group's competition gives.

    Attributes:
        forecasts: unique_id, model, is_champion, champion_reason, ds and the quantiles.
        backtests: Rows of `backtest.fold_rows`.
    """

    forecasts: pd.DataFrame
    backtests: pd.DataFrame


def compete(panel: Panel, horizon: int, forecasters: Sequence[Forecaster]) -> Result:
    """Let the models forecast past cutoffs, choose a champion per series, forecast with all.

    A past cutoff calibrates the combination with the cutoffs before it only, as it would have
    been then.

    Args:
        panel: The group's history, at least one series.
        horizon: Hours to predict.
        forecasters: The first is the baseline; the one combination speaks by default.

    Returns:
        Forecasts of every model and its errors in the past.
    """
    combination = next(one for one in forecasters if isinstance(one, Combination))
    names = [one.name for one in forecasters]
    past: list[Turned] = []
    losses: list[FloatArray] = []
    rows: list[pd.DataFrame] = []
    for fold in folds(panel):
        answers, raw = _answers(fold.panel, fold.horizon, forecasters, combination)
        then = [_among(turned, fold.rows) for turned in past]
        answers[combination.name] = calibrated(raw, then, INNER_LEVELS)
        past.append(Turned(fold.rows, raw, fold.actual))
        published = {name: answers[name][:, :, _PUBLISHED] for name in names}
        losses.append(fold_losses(fold, published, len(panel.ids)))
        rows.append(fold_rows(fold, published, names[0]))
    answers, raw = _answers(panel, horizon, forecasters, combination)
    answers[combination.name] = calibrated(raw, past, INNER_LEVELS)
    shape = (len(names), 0, len(panel.ids))
    stacked = np.stack(losses, axis=1) if losses else np.empty(shape)
    choice = choose(stacked, names, combination.name)
    return Result(
        forecasts=_forecast_rows(panel, {name: answers[name] for name in names}, choice),
        backtests=pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(),
    )


def _answers(
    panel: Panel, horizon: int, forecasters: Sequence[Forecaster], combination: Combination
) -> tuple[dict[str, FloatArray], FloatArray]:
    """Each model's quantiles but the combination's, and the combination's before calibration."""
    quiet = find_quiet(panel)
    active = np.flatnonzero(quiet.active)
    part = panel.take(active)
    prepared = combination.prepared(part) if len(active) else part
    members = {one.name for one in combination.members}
    still = predict_quiet(panel, quiet, horizon, INNER_LEVELS)
    found: dict[str, FloatArray] = {}
    for forecaster in [*combination.members, *forecasters]:
        name = forecaster.name
        if forecaster is combination or name in found:
            continue
        found[name] = still.copy()
        if len(active) and name in members:
            found[name][active] = combination.asked(forecaster, prepared, horizon, INNER_LEVELS)
        elif len(active):
            found[name][active] = forecaster.predict(part, horizon, INNER_LEVELS)
    raw = still.copy()
    if len(active):
        voices = {member.name: found[member.name][active] for member in combination.members}
        raw[active] = combination.joined(part, prepared, voices, INNER_LEVELS)
    return found, raw


def _among(turned: Turned, rows: np.ndarray) -> Turned:
    """A past forecast with its series numbered as in a later fold, which has them all."""
    return Turned(np.searchsorted(rows, turned.rows), turned.quantiles, turned.actual)


def _forecast_rows(panel: Panel, answers: Mapping[str, FloatArray], choice: Choice) -> pd.DataFrame:
    frames: list[pd.DataFrame] = []
    champion, reason = np.asarray(choice.models), np.asarray(choice.reasons, dtype=object)
    for name, quantiles in answers.items():
        horizon = quantiles.shape[1]
        frames.append(
            long_frame(panel, quantiles[:, :, _PUBLISHED]).assign(
                model=name,
                is_champion=np.repeat(champion == name, horizon),
                champion_reason=np.repeat(reason, horizon),
            )
        )
    return pd.concat(frames, ignore_index=True)

"""Which model speaks between two trainings, and whether it may: coverage, skill, drift of error."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from forecasts.frames import DemandForecast, typed
from forecasts.totals import reconcile

_KEYS = ["unique_id", "measure"]
_TEXT, _TIME = "object", "datetime64[us]"

#: How long champions speak before they are chosen anew.
TRAINED_FOR = pd.Timedelta(days=7)
#: At least this share of the hours held out lay at or below the 90 % quantile.
LEAST_COVERAGE = 0.75
#: The champion's loss is at most 1.1 times that of seasonal naive.
LEAST_SKILL = -0.10
#: The error at the newest cutoff, in units of the series' own past, over the median of the others.
MOST_DRIFT = 2.5

CHAMPION_COLUMNS: dict[str, str] = {
    "unique_id": _TEXT,
    "measure": _TEXT,
    "model": _TEXT,
    "reason": _TEXT,
    "trained_at": _TIME,
    "created_at": _TIME,
    "coverage_90": "float64",
    "skill_vs_seasonal_naive": "float64",
    "error_drift": "float64",
    "failed_checks": _TEXT,
    "last_good_model": _TEXT,
    "last_good_at": _TIME,
}


@dataclass(frozen=True)
class Spoken:
    """Forecasts with their champions named.

    Attributes:
        made: The forecasts and backtests; `is_champion` and `champion_reason` follow `champions`,
            and the champions of series and of their totals agree (`totals.reconcile`).
        champions: One row per series and measure, `CHAMPION_COLUMNS`. `failed_checks` is a comma
            list of coverage, skill and drift, empty where all is well; `last_good_model` is null
            until a champion passed them all.
    """

    made: DemandForecast
    champions: pd.DataFrame


def is_due(champions: pd.DataFrame, created_at: pd.Timestamp) -> bool:
    """Whether a week of data has come since the champions were chosen, or none are.

    Args:
        champions: `CHAMPION_COLUMNS` of the newest forecast, or no rows.
        created_at: The newest data hour.
    """
    return bool(champions.empty or created_at - champions["trained_at"].min() >= TRAINED_FOR)


def train(made: DemandForecast, before: pd.DataFrame) -> Spoken:
    """Let the backtest's choice speak; where it fails a check, the last good champion.

    Args:
        made: A new forecast with its own choice of champions.
        before: `CHAMPION_COLUMNS` of the newest training, or no rows.
    """
    chosen = _chosen(made)
    chosen["trained_at"] = chosen["created_at"]
    checked = _with_last_good(_with_health(chosen, made.backtests), before)
    falls = (
        (checked["failed_checks"] != "")
        & checked["last_good_model"].notna()
        & (checked["last_good_model"] != checked["model"])
        & _has_forecast(checked.assign(model=checked["last_good_model"]), made.forecasts)
    )
    if falls.any():
        rows = checked[falls]
        told = rows["model"] + " failed " + rows["failed_checks"] + "; the last good champion"
        kept = rows.assign(model=rows["last_good_model"], reason=told)
        again = _with_health(kept, made.backtests)
        checked = pd.concat([checked[~falls], again], ignore_index=True)
    return _spoken(made, checked)


def hold(made: DemandForecast, before: pd.DataFrame) -> Spoken:
    """Let the champions of the newest training go on; series it did not know choose now.

    Args:
        made: A new forecast with its own choice of champions.
        before: `CHAMPION_COLUMNS` of the newest training.
    """
    chosen = _chosen(made)
    held = chosen.merge(before, on=_KEYS, how="left", suffixes=("", "_held"), validate="1:1")
    keeps = held["model_held"].notna() & _has_forecast(
        held.assign(model=held["model_held"]), made.forecasts
    )
    held["model"] = held["model_held"].where(keeps, held["model"])
    held["reason"] = held["reason_held"].where(keeps, held["reason"])
    held["trained_at"] = held["trained_at"].where(keeps, held["created_at"])
    held = held[[*_KEYS, "model", "reason", "trained_at", "created_at"]]
    checked = _with_last_good(_with_health(held, made.backtests), before)
    return _spoken(made, checked)


def _chosen(made: DemandForecast) -> pd.DataFrame:
    rows = made.forecasts[made.forecasts["is_champion"]].drop_duplicates(_KEYS)
    columns = [*_KEYS, "model", "champion_reason", "created_at"]
    return rows[columns].rename(columns={"champion_reason": "reason"}).reset_index(drop=True)


def _with_health(champions: pd.DataFrame, backtests: pd.DataFrame) -> pd.DataFrame:
    """Measure the champions over the cutoffs of their backtest; unknown figures fail nothing."""
    rows = backtests.merge(champions[[*_KEYS, "model"]], on=[*_KEYS, "model"])
    by_series = rows.groupby(_KEYS, sort=False)
    figures = by_series[["coverage_90", "skill_vs_seasonal_naive"]].mean()
    figures["error_drift"] = _drift(rows)
    names = ["coverage_90", "skill_vs_seasonal_naive", "error_drift"]
    found = champions.drop(columns=names, errors="ignore").merge(
        figures.reset_index(), on=_KEYS, how="left"
    )
    failed = {
        "coverage": found["coverage_90"] < LEAST_COVERAGE,
        "skill": found["skill_vs_seasonal_naive"] < LEAST_SKILL,
        "drift": found["error_drift"] > MOST_DRIFT,
    }
    text = np.array([""] * len(found), dtype=object)
    for name, rows_failed in failed.items():
        joined = np.where(text == "", name, text + f", {name}")
        text = np.where(rows_failed, joined, text)
    return found.assign(failed_checks=text)


def _drift(rows: pd.DataFrame) -> pd.Series:
    """Mean MASE at the newest cutoff over the median of those before it; NaN without one."""
    errors = rows.groupby([*_KEYS, "cutoff"])["mase"].mean().reset_index()
    newest = errors.groupby(_KEYS)["cutoff"].transform("max") == errors["cutoff"]
    now = errors[newest].set_index(_KEYS)["mase"]
    usual = errors[~newest].groupby(_KEYS)["mase"].median().replace(0.0, np.nan)
    return now / usual.reindex(now.index)


def _with_last_good(champions: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    known = before[[*_KEYS, "last_good_model", "last_good_at"]]
    found = champions.merge(known, on=_KEYS, how="left", validate="1:1")
    is_good = found["failed_checks"] == ""
    found["last_good_model"] = found["last_good_model"].where(~is_good, found["model"])
    found["last_good_at"] = found["last_good_at"].where(~is_good, found["created_at"])
    return found


def _has_forecast(champions: pd.DataFrame, forecasts: pd.DataFrame) -> pd.Series:
    there = pd.MultiIndex.from_frame(forecasts[[*_KEYS, "model"]].drop_duplicates())
    wanted = pd.MultiIndex.from_frame(champions[[*_KEYS, "model"]])
    return pd.Series(wanted.isin(there), index=champions.index)


def _spoken(made: DemandForecast, champions: pd.DataFrame) -> Spoken:
    table = typed(champions, CHAMPION_COLUMNS).sort_values(_KEYS, ignore_index=True)
    speaks = table[[*_KEYS, "model", "reason"]].rename(
        columns={"model": "champion", "reason": "spoken_reason"}
    )
    joined = made.forecasts[_KEYS].merge(speaks, on=_KEYS, how="left", validate="m:1")
    forecasts = made.forecasts.assign(
        is_champion=(made.forecasts["model"].to_numpy() == joined["champion"].to_numpy()),
        champion_reason=joined["spoken_reason"].to_numpy(),
    )
    return Spoken(replace(made, forecasts=reconcile(forecasts)), table)

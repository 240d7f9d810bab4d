"""Cutoffs: nothing of the future is in the past, and the future is what came."""

import numpy as np
import pandas as pd
import pytest

from benchmarks.forecasts.folds import as_history, folds
from benchmarks.forecasts.series import DATA, read_series, real_series
from forecasts.panel import to_panel

START = pd.Timestamp("2024-01-01")


def frame(days: int, name: str = "a", family: str = "f", start: int = 0) -> pd.DataFrame:
    """The value of an hour is its number."""
    hours = np.arange(start * 24, days * 24)
    ds = START + pd.to_timedelta(hours, unit="h")
    return pd.DataFrame({"family": family, "unique_id": name, "ds": ds, "y": hours * 1.0})


def test_a_fold_is_the_past_and_the_hours_after_it():
    cuts = list(folds(frame(60)))
    assert [fold.horizon for fold in cuts] == [168] * 4
    assert [len(fold.past.ds) for fold in cuts] == [24 * days for days in (32, 39, 46, 53)]
    for fold in cuts:
        first = fold.past.hours
        assert fold.past.y[0].tolist() == list(range(first))
        assert fold.future[0].tolist() == list(range(first, first + 168))
        assert fold.cutoff == START + pd.Timedelta(hours=first - 1)


@pytest.mark.parametrize(
    ("days", "horizon", "training"),
    [(31, 168, (15, 18, 21, 24)), (14, 72, (8, 9, 10, 11)), (10, 72, (7,)), (9, None, ())],
)
def test_short_histories_have_closer_cutoffs(days, horizon, training):
    cuts = list(folds(frame(days)))
    assert [fold.past.hours // 24 for fold in cuts] == list(training)
    assert {fold.horizon for fold in cuts} == ({horizon} if horizon else set())


def test_a_past_is_what_the_rows_up_to_the_cutoff_say():
    series = pd.concat([frame(60), frame(60, "late", start=40), frame(50, "ended")])
    series = series[series["ds"].dt.hour != 5]
    for fold in folds(series.sample(frac=1.0, random_state=1)):
        alone = to_panel(series[series["ds"] <= fold.cutoff], fold.cutoff)
        assert fold.past.ids == alone.ids
        np.testing.assert_array_equal(fold.past.y, alone.y)
        assert ("late" in fold.past.ids) == (fold.past.hours > 40 * 24)
        # No row is no demand known, ahead as before.
        assert np.isnan(fold.future[:, fold.past.future(168).hour == 5]).all()


def test_families_are_cut_apart():
    cuts = list(folds(pd.concat([frame(60), frame(14, "b", "g")])))
    assert [fold.family for fold in cuts] == ["f"] * 4 + ["g"] * 4
    assert {fold.past.ids for fold in cuts} == {("a",), ("b",)}


def test_a_history_says_what_the_panel_says():
    (fold,) = folds(frame(60), cutoffs=1)
    fold.past.y[0, 7] = np.nan
    history = as_history(fold.past)
    assert list(history.columns) == ["unique_id", "measure", "ds", "y"]
    again = to_panel(history, fold.cutoff)
    np.testing.assert_array_equal(again.y, fold.past.y)
    assert 7.0 not in set(history["y"])


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_series_of_ones_own(tmp_path, suffix):
    path = tmp_path / f"mine{suffix}"
    rows = frame(2).drop(columns="family")
    if suffix == ".csv":
        rows.to_csv(path, index=False)
    else:
        rows.to_parquet(path)
    read = read_series(path)
    assert set(read["family"]) == {"mine"}
    assert read["y"].tolist() == rows["y"].tolist()
    assert read["ds"].tolist() == rows["ds"].tolist()
    (tmp_path / "bad.csv").write_text("ds,y\n")
    with pytest.raises(ValueError, match="unique_id"):
        read_series(tmp_path / "bad.csv")


@pytest.mark.skipif(not DATA.is_dir(), reason=f"real data not here: {DATA} does not exist")
def test_the_real_series():
    series = real_series()
    hours = series.groupby(["family", "unique_id"])["y"].agg(["size", "count", "min"])
    counts = hours.groupby("family").size().to_dict()
    assert counts == {"burstgpt": 3, "helios": 12, "philly": 1, "servegen": 2}
    assert (hours["size"] == hours["count"]).all()
    assert (hours["min"] >= 0.0).all()
    assert hours["size"]["burstgpt"].tolist() == [1080] * 3
    assert set(hours["size"]["helios"]) == {744}
    # ServeGen lost an hour of m-small; Philly's collection stopped now and then.
    assert hours["size"]["servegen"].to_dict() == {"m-large": 336, "m-small": 335}
    assert 1300 < hours["size"]["philly"]["active_nodes"] <= 1320
    wide = series[series["family"] == "burstgpt"].pivot(index="ds", columns="unique_id", values="y")
    both = wide["requests_conversation"] + wide["requests_api"]
    assert (both == wide["requests_all"]).all()

"""The command on series of one's own, and what its page says."""

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from benchmarks.forecasts.contestants import Contestant, contestants
from benchmarks.forecasts.folds import folds
from benchmarks.forecasts.made_up import made_up_panel
from benchmarks.forecasts.speed import Speed, speed_lines


def own_series() -> pd.DataFrame:
    panel = made_up_panel(2, points=11 * 24)
    frames = [
        pd.DataFrame({"unique_id": name, "ds": panel.ds, "y": y})
        for name, y in zip(panel.ids, panel.y, strict=True)
    ]
    return pd.concat(frames).dropna().assign(family="mine")


def test_the_command_measures_ones_own_series(tmp_path):
    import typer

    from benchmarks.forecasts.__main__ import main

    path, out, details = tmp_path / "mine.csv", tmp_path / "out.md", tmp_path / "details.csv"
    own_series().to_csv(path, index=False)
    app = typer.Typer()
    app.command()(main)
    arguments = ["--short", "--no-speed", "--series", str(path), "--models", "seasonal_naive,"]
    result = CliRunner().invoke(app, [*arguments, "--out", str(out), "--details", str(details)])
    assert result.exit_code == 0, result.output
    page = out.read_text()
    assert "| mine | 2 | 264 | 1 | 72 |" in page
    assert "| seasonal_naive | 1.00 (1.00 to 1.00) |" in page
    rows = pd.read_csv(details)
    assert rows["unique_id"].tolist() == ["series-00000", "series-00001"]
    # Of the first a day is unknown.
    assert rows["hours"].tolist() == [48, 72]


def test_an_unknown_contestant_is_named():
    with pytest.raises(KeyError, match="nobody"):
        contestants(["nobody"])
    assert [one.name for one in contestants()] == ["shipped", "prophet_default"]


def test_a_contestant_sees_the_past_only():
    seen: list[float] = []

    def spy(panel, horizon):
        seen.append(float(np.nanmax(panel.y)))
        return {"spy": np.zeros((len(panel.ids), horizon, 5))}

    from benchmarks.forecasts.__main__ import measure_folds

    hours = np.arange(60 * 24)
    ds = pd.Timestamp("2024-01-01") + pd.to_timedelta(hours, unit="h")
    frame = pd.DataFrame({"family": "f", "unique_id": "a", "ds": ds, "y": hours * 1.0})
    found = measure_folds(list(folds(frame)), [Contestant("spy", spy)])
    # The value of an hour is its number.
    cutoffs = (found.scores["cutoff"] - ds[0]) / pd.Timedelta(hours=1)
    assert cutoffs.tolist() == seen


def test_made_up_series_are_the_same_again_and_of_every_kind():
    one, other = made_up_panel(50, 500), made_up_panel(50, 500)
    np.testing.assert_array_equal(one.y, other.y)
    assert np.isnan(one.y).any(axis=1).sum() == len(range(0, 50, 9))
    assert np.nanmin(one.y) >= 0.0
    assert len(set(one.ids)) == 50


def test_speed_lines():
    lines = speed_lines([Speed("forecast path", 200, 50.0, 60.0, 512.0, 128.0, "met")])
    assert lines[-1] == "| forecast path | 200 | 50.0 | 0.250 | 60.0 | 512 | 128 | met |"

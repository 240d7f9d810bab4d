"""The risk of each day: simulated peaks against planted truth, and what must not change them."""

import numpy as np
import pandas as pd
import pytest

from forecasts.bursts import (
    BURST_COLUMNS,
    burst_probabilities,
    burst_risk,
    daily_burst_risk,
    fit_bursts,
    lift,
)
from forecasts.bursts.paths import simulate
from forecasts.frames import QUANTILES
from forecasts.panel import Panel, to_panel

END = pd.Timestamp("2024-06-30 23:00")
HOURS = 91 * 24


def flat_forecast(series: int, hours: int, level: float = 100.0) -> np.ndarray:
    """A calm forecast: 5 sigma of noise around the level."""
    spread = level * np.array([0.0, 0.042, 0.064, 0.082, 0.116])
    return np.broadcast_to(level + spread, (series, hours, len(QUANTILES))).copy()


def planted(seed: int, per_day: float, hours: int) -> np.ndarray:
    draw = np.random.default_rng(seed)
    y = 100.0 + draw.normal(0.0, 5.0, hours)
    for start in np.flatnonzero(draw.random(hours) < per_day / 24):
        y[start : start + draw.integers(1, 4)] = 200.0 + draw.exponential(100.0)
    return y


def panel(*rows) -> Panel:
    y = np.asarray(rows, dtype=float)
    return Panel(tuple(f"s{number}" for number in range(len(y))), END, y)


def test_peaks_are_those_of_the_planted_process():
    found = burst_risk(
        panel(*(planted(number, 0.5, HOURS) for number in range(8))),
        flat_forecast(8, 168),
        "gpus",
        paths=1000,
    )
    days = planted(999, 0.5, 20_000 * 24).reshape(-1, 24).max(axis=1)
    truth = np.quantile(days, [0.95, 0.99])
    assert found["peak_p95"].mean() == pytest.approx(truth[0], rel=0.15)
    assert found["peak_p99"].mean() == pytest.approx(truth[1], rel=0.20)
    calm = 100.0 + np.random.default_rng(1).normal(0.0, 5.0, (20_000, 24)).max(axis=1)
    assert found["expected_extra"].mean() == pytest.approx(days.mean() - calm.mean(), rel=0.25)


def test_simulated_days_with_bursts_are_as_many_as_said():
    found = burst_risk(panel(planted(3, 0.5, HOURS)), flat_forecast(1, 672), "gpus", paths=400)
    process = fit_bursts(panel(planted(3, 0.5, HOURS)), 672)
    drawn = simulate(process, 0, flat_forecast(1, 672)[0], 400)
    above = (drawn.demand > process.season.ahead[0]).reshape(400, 28, 24).any(axis=2)
    assert above.mean() == pytest.approx(found["burst_probability"].mean(), abs=0.03)


def long_bursts(seed: int) -> np.ndarray:
    """On one day in twenty-five a burst of twenty hours begins."""
    draw = np.random.default_rng(seed)
    y = 100.0 + draw.normal(0.0, 5.0, HOURS)
    for start in np.flatnonzero(draw.random(HOURS) < 0.04 / 24):
        y[start : start + 20] = 400.0
    return y


def test_long_bursts_reach_into_days_that_they_do_not_begin_in():
    past = panel(*(long_bursts(seed) for seed in range(10)))
    process = fit_bursts(past, 672)
    said, simulated = burst_probabilities(process), []
    for row in range(10):
        drawn = simulate(process, row, flat_forecast(1, 672)[0], 200)
        above = drawn.demand > process.season.ahead[row]
        simulated.append(above.reshape(200, 28, 24).any(axis=2).mean())
    # Of the first days, too few are in the simulation: no burst lasts into it from before.
    assert np.mean(simulated) == pytest.approx(said.mean(), abs=0.03)
    begun = process.rates.per_hour.sum(axis=1).mean() / 28
    assert said.mean() > 1.3 * (1.0 - np.exp(-begun))


def test_what_lies_above_the_threshold_is_left_to_the_bursts():
    process = fit_bursts(panel(planted(3, 0.5, HOURS)), 168)
    wide = flat_forecast(1, 168)[0] * np.array([1.0, 1.5, 3.0, 6.0, 20.0])
    drawn = simulate(process, 0, wide, 200)
    assert (drawn.calm <= process.season.ahead[0] + 1e-9).all()
    # A forecast of a new level is believed, threshold or not.
    raised = flat_forecast(1, 168, 1000.0)[0]
    assert np.median(simulate(process, 0, raised, 200).demand) >= 900.0


def test_the_shape_of_the_answer():
    found = burst_risk(panel(planted(4, 0.5, HOURS)), flat_forecast(1, 50), "gpus")
    assert {name: str(kind) for name, kind in found.dtypes.items()} == BURST_COLUMNS
    assert found["date_day"].astype(str).tolist() == ["2024-07-01", "2024-07-02", "2024-07-03"]
    assert (found["peak_p99"] >= found["peak_p95"]).all()
    assert found["burst_probability"].between(0.0, 1.0).all()
    # Two hours of a day are less than twenty-four.
    assert found["burst_probability"].iloc[2] < found["burst_probability"].iloc[0]


def test_a_part_of_a_day_counts_from_its_hours():
    one = panel(planted(4, 0.5, HOURS))
    noon = Panel(one.ids, END - pd.Timedelta(hours=12), one.y)
    found = burst_risk(noon, flat_forecast(1, 24), "gpus")
    assert found["date_day"].astype(str).tolist() == ["2024-06-30", "2024-07-01"]


def test_a_quiet_series_has_the_peaks_of_its_forecast():
    found = burst_risk(panel(np.full(HOURS, 8.0)), np.full((1, 168, 5), 8.0), "gpus")
    assert found["peak_p95"].to_numpy() == pytest.approx(np.full(7, 8.0))
    dead = burst_risk(panel(np.zeros(HOURS)), np.zeros((1, 168, 5)), "gpus")
    assert (dead[["burst_probability", "expected_extra", "peak_p99"]] == 0.0).all(axis=None)


def test_a_series_of_a_day_gets_an_answer():
    found = burst_risk(panel(np.arange(24.0)), flat_forecast(1, 24, 20.0), "gpus")
    assert np.isfinite(found[["burst_probability", "expected_extra", "peak_p99"]]).all(axis=None)
    assert found["burst_threshold"].isna().all()


def test_nothing_gives_nothing():
    empty = Panel((), END, np.empty((0, 0)))
    found = burst_risk(empty, np.empty((0, 168, 5)), "gpus")
    assert list(found.columns) == list(BURST_COLUMNS)
    assert found.empty
    with pytest.raises(ValueError, match="quantiles"):
        burst_risk(panel(np.zeros(48)), np.zeros((2, 24, 5)), "gpus")


def test_the_unit_does_not_matter():
    rows, forecast = [planted(5, 0.5, HOURS), planted(6, 0.1, HOURS)], flat_forecast(2, 168)
    one = burst_risk(panel(*rows), forecast, "gpus")
    other = burst_risk(panel(*(1000.0 * row for row in rows)), 1000.0 * forecast, "gpus")
    assert other["burst_probability"].to_numpy() == pytest.approx(one["burst_probability"])
    assert other["peak_p99"].to_numpy() == pytest.approx(1000.0 * one["peak_p99"].to_numpy())


def long(y: np.ndarray, name: str, measure: str = "gpus") -> pd.DataFrame:
    ds = pd.date_range(end=END, periods=len(y), freq="h")
    return pd.DataFrame({"unique_id": name, "measure": measure, "ds": ds, "y": y})


def champion_rows(history: pd.DataFrame, hours: int) -> pd.DataFrame:
    frames = []
    for (name, measure), _ in history.groupby(["unique_id", "measure"]):
        frame = pd.DataFrame(flat_forecast(1, hours)[0], columns=list(QUANTILES))
        ds = pd.date_range(END + pd.Timedelta(hours=1), periods=hours, freq="h")
        frames.append(frame.assign(unique_id=name, measure=measure, ds=ds, is_champion=True))
    return pd.concat(frames, ignore_index=True)


def test_the_door_reads_long_frames_in_any_order_and_ignores_what_comes_later():
    history = pd.concat(
        [
            long(planted(7, 0.5, HOURS), "b"),
            long(planted(8, 0.5, HOURS), "a"),
            long(planted(9, 0.5, HOURS), "a", "requests"),
        ]
    )
    forecasts = champion_rows(history, 48)
    found = daily_burst_risk(history, forecasts, END)
    assert found[["unique_id", "measure"]].drop_duplicates().to_numpy().tolist() == [
        ["a", "gpus"],
        ["a", "requests"],
        ["b", "gpus"],
    ]
    later = long(np.full(5, 1e6), "a").assign(ds=lambda f: f["ds"] + pd.Timedelta(hours=5))
    others = pd.concat([forecasts, forecasts.assign(is_champion=False, y_p50=0.0)])
    again = daily_burst_risk(
        pd.concat([history, later]).sample(frac=1.0, random_state=1),
        others.sample(frac=1.0, random_state=2),
        END,
    )
    pd.testing.assert_frame_equal(found, again)
    gpus = to_panel(history[history["measure"] == "gpus"], END)
    alone = burst_risk(gpus, flat_forecast(2, 48), "gpus")
    pd.testing.assert_frame_equal(found[found["measure"] == "gpus"].reset_index(drop=True), alone)
    assert daily_burst_risk(history, forecasts.iloc[:0], END).empty


def test_lifted_quantiles_do_not_cross_and_touch_bursty_series_only():
    rows, forecast = [planted(10, 1.0, HOURS), np.full(HOURS, 100.0)], flat_forecast(2, 168)
    found = lift(panel(*rows), forecast)
    assert (np.diff(found, axis=2) >= 0.0).all()
    assert found[0, :, -1].mean() > 1.2 * forecast[0, :, -1].mean()
    assert (found[0, :, :3] == forecast[0, :, :3]).all()
    assert (found[1] == forecast[1]).all()

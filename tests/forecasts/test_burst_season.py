"""What an hour usually asks for, worked by hand."""

import numpy as np
import pandas as pd
import pytest

from forecasts.bursts.events import find_events
from forecasts.bursts.season import season
from forecasts.panel import Panel

END = pd.Timestamp("2024-06-30 23:00")


def panel(*rows) -> Panel:
    y = np.asarray(rows, dtype=float)
    return Panel(tuple(f"s{number}" for number in range(len(y))), END, y)


def day_by_day(*days) -> np.ndarray:
    """The whole day at one demand."""
    return np.repeat(np.asarray(days, dtype=float), 24)


def test_usual_is_the_median_of_the_same_hour_in_the_week_before():
    found = season(panel(day_by_day(1, 2, 3, 4, 5, 6, 7, 100)), 48)
    usual = found.threshold[0] - found.margin[0]
    assert np.isnan(usual[: 3 * 24]).all()
    assert usual[3 * 24] == pytest.approx(2.0)  # of 1, 2, 3
    assert usual[4 * 24] == pytest.approx(2.5)  # of 1, 2, 3, 4
    assert usual[7 * 24] == pytest.approx(4.0)  # of 1 to 7
    # Both days ahead look back from the end: 2 to 7 and 100.
    assert found.ahead[0] - found.margin[0] == pytest.approx(np.full(48, 5.0))


def test_an_unknown_hour_is_not_a_zero():
    y = day_by_day(4, 4, np.nan, 4, np.nan, 4, 4, 4)
    found = season(panel(y), 24)
    assert found.ahead[0] - found.margin[0] == pytest.approx(np.full(24, 4.0))


def test_weekends_that_are_always_higher_are_usual():
    week = day_by_day(10, 10, 10, 10, 10, 30, 30)
    found = season(panel(np.tile(week, 8)), 168)
    assert found.ahead[0] - found.margin[0] == pytest.approx(week)


def test_the_margin_is_half_the_mean_where_nothing_ever_happens():
    found = season(panel(np.full(21 * 24, 8.0)), 24)
    assert found.margin == pytest.approx([4.0])
    assert found.ahead[0] == pytest.approx(np.full(24, 12.0))


def test_the_margin_is_four_sigmas_of_noise():
    draw = np.random.default_rng(3)
    y = np.maximum(100.0 + draw.normal(0.0, 20.0, 60 * 24), 0.0)
    # Noise over usual: its own and that of a median of seven, sigma 20 x sqrt(1 + 0.21) or so.
    assert season(panel(y), 24).margin == pytest.approx([4 * 20 * np.sqrt(1.21)], rel=0.1)


def test_what_comes_later_does_not_make_an_hour_usual():
    draw = np.random.default_rng(4)
    y = draw.gamma(2.0, 50.0, 40 * 24)
    before, after = season(panel(y[: 30 * 24]), 24), season(panel(y), 24)
    known = before.threshold - before.margin[:, None]
    again = after.threshold[:, : 30 * 24] - after.margin[:, None]
    assert again == pytest.approx(known, nan_ok=True)


def test_hours_close_together_are_one_event():
    y = np.full(21 * 24, 10.0)
    start = 15 * 24
    y[start] = 40.0
    y[start + 3] = 25.0  # two quiet hours between: the same event
    y[start + 7] = 30.0  # three quiet hours between: another
    found = season(panel(y), 24)
    assert found.margin == pytest.approx([y.mean() / 2])
    events = find_events(found)
    threshold = 10.0 + y.mean() / 2
    assert events.start.tolist() == [start, start + 7]
    assert events.length.tolist() == [4, 1]
    peaks = (np.array([40.0, 30.0]) - threshold) / found.margin[0]
    assert events.peak == pytest.approx(peaks)
    share = (25.0 - threshold) / (40.0 - threshold)
    assert events.heights == pytest.approx([1.0, 0.0, 0.0, share, 1.0])


def test_events_of_one_series_do_not_join_those_of_the_next():
    one, other = np.full(21 * 24, 10.0), np.full(21 * 24, 10.0)
    one[-1], other[20 * 24] = 40.0, 40.0
    events = find_events(season(panel(one, other), 24))
    assert events.series.tolist() == [0, 1]
    assert events.length.tolist() == [1, 1]

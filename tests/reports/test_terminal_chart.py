"""The chart in letters, by hand."""

import numpy as np
import pandas as pd
import pytest

from reports.charts.terminal import ASCII, terminal_chart

FIRST = pd.Timestamp("2024-07-01 00:00")


def quantiles(median, high):
    return np.repeat(np.array([[median, high, high, high, high]], dtype=float), 4, axis=0)


def test_by_hand():
    # 4 hours seen and 4 ahead on 20 columns: 10 columns each. The axis ends at 10, 5 lines of 2.
    # Hours 0 to 3 reach columns 0-2, 2-4, 5-7 and 7-9; the third is unknown.
    lines = terminal_chart(
        np.array([0.0, 2.0, np.nan, 6.0]), quantiles(4, 8.5), FIRST, 26, height=5, signs=ASCII
    )
    assert lines == [
        " 10 |          |..........",
        "7.5 |       ###|..........",
        "  5 |          |==========",
        "2.5 |  ###     |",
        "  0 |###       |",
        "    +---------------------",
        "     1 Jul",
    ]


def test_a_peak_of_one_hour_is_seen_on_a_narrow_screen():
    past = np.zeros(672)
    past[300] = 50.0
    lines = terminal_chart(past, np.zeros((168, 5)), FIRST, 40)
    # 50 on an axis to 60, 14 lines: the twelfth from below.
    assert "█" in lines[2]


@pytest.mark.parametrize("width", [30, 60, 80, 100, 213])
def test_no_line_is_wider_than_the_terminal(width):
    rng = np.random.default_rng(3)
    ahead = np.sort(rng.uniform(0, 12345, (336, 5)), axis=1)
    lines = terminal_chart(rng.uniform(0, 99, 672), ahead, FIRST, width, came=ahead[:, 2])
    assert max(map(len, lines)) <= width
    assert any("Jul" in line for line in lines[-1:])
    assert "●" in "".join(lines)


@pytest.mark.parametrize("past", [np.empty(0), np.full(24, np.nan), np.zeros(24), np.zeros(1)])
def test_nothing_seen_or_nothing_asked_for_is_drawn_too(past):
    lines = terminal_chart(past, np.zeros((24, 5)), FIRST, 80)
    assert len(lines) == 16
    assert "▒" in lines[13]


def test_ascii_has_no_other_letters():
    lines = terminal_chart(np.ones(48), quantiles(1, 2), FIRST, 80, came=np.ones(4), signs=ASCII)
    assert "".join(lines).isascii()

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from reports.charts.axes import time_axis, value_axis
from reports.charts.fan import QUANTILES, fan_chart
from reports.charts.heatmap import legend, week_heatmaps
from reports.charts.stacked_bars import stacked_bars

NOW = pd.Timestamp("2024-06-30 23:00")


def past(y, allocated=None):
    ds = pd.date_range(end=NOW, periods=len(y), freq="h")
    held = np.full(len(y), np.nan) if allocated is None else allocated
    return pd.DataFrame({"ds": ds, "y": y, "allocated": held}).astype({"y": float})


def ahead(*rows):
    ds = pd.date_range(NOW + pd.Timedelta(hours=1), periods=len(rows), freq="h")
    values = np.array(rows, dtype=float).reshape(len(rows), 5)
    return pd.DataFrame(values, columns=list(QUANTILES)).assign(ds=ds)


def test_fan_by_hand():
    # Axis to 10 on a canvas of 400: a value of 5 lies at 200, 10 at 0.
    chart = fan_chart(past([0, 5]), ahead([5, 6, 7, 8, 10]), "GPUs")
    assert chart.width == 2
    assert chart.y_ticks[-1].label == "10"
    assert chart.history == "M0 400l1-200"
    assert chart.median == "M1 200l1 0"
    # From now (5) up to 10, down to the 95 % line at 8, and back to now.
    assert chart.bands[-1] == "M1 200l1-200 0 80-1 120z"
    assert chart.allocated == ""
    assert chart.now == 50.0
    assert chart.points["past"] == [0, 500]
    assert chart.points["ahead"] == [[500], [600], [700], [800], [1000]]


def test_a_wild_line_of_99_percent_is_cut_and_said():
    # Everything else reaches 8, so the axis ends at 12 and not at 900.
    chart = fan_chart(past([5]), ahead([5, 6, 7, 8, 900]), "GPUs")
    assert chart.y_ticks[-1].label == "12"
    assert chart.summary.endswith("The 99 % line goes up to 900.")


def test_an_unknown_hour_breaks_the_line():
    chart = fan_chart(past([10, np.nan, 10, 0]), ahead(), "GPUs")
    assert chart.history == "M0 0l0 0M2 0l1 400"
    assert chart.median == ""


@pytest.mark.parametrize(
    ("highest", "top"),
    [(0, 1), (0.7, 0.75), (9.99, 10), (20.4, 25), (23, 25), (51, 60), (1e9, 1e9)],
)
def test_value_axis_ends_on_a_round_mark(highest, top):
    got, ticks = value_axis(highest)
    assert got == pytest.approx(top)
    assert ticks[0].label == "0"
    assert ticks[-1].position == 100.0


def test_time_axis_marks_mondays_of_a_long_span():
    ticks = time_axis(NOW - pd.Timedelta(days=28), NOW + pd.Timedelta(days=28))
    assert [t.label for t in ticks][:3] == ["3 Jun", "10 Jun", "17 Jun"]
    # 3 June 00:00 is 1 hour after the start of 1,344.
    assert ticks[0].position == pytest.approx(100 / 1344, abs=0.01)


def test_stacked_bars_share_one_scale_and_add_up_the_rest():
    rows = [
        {"label": "a", "busy_usd": Decimal(60), "idle_usd": Decimal(40), "cost_usd": Decimal(100)},
        {"label": "b", "busy_usd": Decimal(50), "idle_usd": Decimal(0), "cost_usd": Decimal(50)},
        {"label": "c", "busy_usd": Decimal(1), "idle_usd": Decimal(2), "cost_usd": Decimal(3)},
        {"label": "d", "busy_usd": Decimal(1), "idle_usd": Decimal(1), "cost_usd": Decimal(2)},
    ]
    bars = stacked_bars(rows, {"busy_usd": "busy", "idle_usd": "idle"}, longest=2)
    assert [(b.label, b.total) for b in bars] == [
        ("a", "USD 100"), ("b", "USD 50.00"), ("2 others", "USD 5.00")
    ]  # fmt: skip
    assert [[s.width for s in b.segments] for b in bars] == [[60.0, 40.0], [50.0], [2.0, 3.0]]
    assert bars[0].description == "a: USD 100, of which busy USD 60.00, idle USD 40.00"


def test_heatmap_steps():
    rows = [
        {"accelerator": "H100", "day_of_week": 1, "hour_of_day": h, "utilization_ratio": r}
        for h, r in enumerate([0.0, 0.149, 0.15, 0.30, 0.5, 0.7, 1.0, None])
    ]
    (week,) = week_heatmaps(rows)
    name, cells = week.days[0]
    assert name == "Mon"
    assert [c.step for c in cells][:9] == [0, 0, 1, 2, 3, 4, 4, -1, -1]
    assert [c.text for c in cells][:3] == ["0", "15", "15"]
    assert len(week.days) == 7
    assert all(len(row) == 24 for _, row in week.days)
    assert legend()[0] == "below 15 %: idle"
    assert legend()[-1] == "70 % and more: on target"

"""The cost page: planted figures, found again."""

import re

import duckdb

from tests.reports import company
from tests.reports.page import render


def test_key_figures_are_those_planted(costs):
    # 30 days at 100 USD, 4 of them unattributed; idle is checked against the mart's own sum below.
    assert "Spend, last 30 days USD 3,000" in costs.text
    assert "Unattributed spend 4.0 % USD 120" in costs.text
    assert "As of 30 June 2024 , looking back 30 days." in costs.text


def test_idle_burn_is_the_marts_sum_of_30_days(warehouse, costs):
    with duckdb.connect(warehouse, read_only=True) as connection:
        idle, cost = connection.execute(
            "select sum(idle_cost_usd), sum(cost_usd) from marts.fct_gpu_utilization_hourly"
            " where hour >= timestamp '2024-06-01'"
        ).fetchone()
    assert f"Idle GPU burn, last 30 days USD {idle:,.0f}" in costs.text
    assert f"{idle / cost:.1%}".replace("%", " %") + f" of USD {cost:,.0f} for GPUs" in costs.text
    assert cost == 28_800  # 20 GPUs x 24 hours x 30 days x 2 USD
    (row,) = costs.files()["key-figures.csv"]
    assert row["gpu_idle_usd"] == f"{idle:f}"
    assert row["cost_usd"] == "3000.000000000000"


def test_bars_split_gpu_money_by_who_held_it(costs):
    # 10 GPUs x 720 hours x 2 USD; 3 of them held by nobody; the rest by the mart's own idle rule.
    bars = re.findall(
        r'aria-label="(\S+): USD 14,400, of which held and busy USD (\S+), '
        r'held but idle USD (\S+), held by nobody USD 4,320"',
        costs.source,
    )
    assert {accelerator for accelerator, _, _ in bars} == {company.A100, company.H100}
    for _, busy, idle in bars:
        held = float(busy.replace(",", "")) + float(idle.replace(",", ""))
        assert held == 14_400 - 4_320
    words = 'aria-label="no workload: USD 8,640, of which held by nobody USD 8,640"'
    assert words in costs.source
    assert costs.tags.count("table") == 1 + 2  # costs, and utilization of two accelerators


def test_cost_table_shows_value_and_roi_of_the_last_whole_month(costs):
    # v2: 9 GPUs x 12.5 USD x 30 days over 60 million tokens; value 9 x 500.
    expected = (
        "support-assistant v2 USD 3,375 USD 2,700 30,000 USD 56.25 "
        "USD 4,500 USD 4.05k to USD 4.95k 33.0 %"
    )
    assert expected in costs.text
    assert "USD 2,000 USD 1.8k to USD 2.2k -25.0 %" in costs.text
    assert "search-ranker v3 USD 1,125 USD 900 30,000 USD 18.75 – –" in costs.text  # noqa: RUF001
    assert "Value, June 2024" in costs.text


def test_every_figure_can_be_saved(costs):
    assert set(costs.files()) == {
        "key-figures.csv",
        "cost-by-model-version.csv",
        "gpu-money-by-accelerator.csv",
        "gpu-money-by-model-version.csv",
        "utilization-by-hour-of-week.csv",
    }


def test_demo_figures_are_called_so(tmp_path, small):
    for page in render(small, tmp_path / "real").values():
        assert "demo figures" not in page.text
    with duckdb.connect(small) as connection:
        connection.execute("update marts.fct_model_cost_daily set billing_account_id = 'demo-1'")
    for page in render(small, tmp_path / "demo").values():
        assert "demo figures" in page.text

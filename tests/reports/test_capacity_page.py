"""The capacity page: the decision first, and every figure as the marts have it."""

import re

import duckdb
import pytest

from tests.reports import company
from tests.reports.page import render


def test_the_decision_comes_first_and_in_words(capacity):
    text = capacity.text
    # 12 H100 for a year; A100 has no reserved price, so nothing to reserve. Saving per 28 days:
    # a quarter of (210,240 + 109,500 + 13,140) = 83,220 over 8,760 hours, of which 672 are
    # 6,384.0; A100 costs 200 more.
    assert f"Reserve 12 {company.H100}, 0 {company.A100}." in text
    assert "this saves USD 6,184 per 28 days" in text
    order = [
        "The decision",
        "GPUs held now and needed",
        "Demand: the last 4 weeks",
        "How wrong we were in the last weeks",
        "Bursts: what no season announces",
        "The plan by hour of the week",
        "Assumptions and method",
    ]
    places = [text.index(words) for words in order]
    assert places == sorted(places)


def test_each_accelerator_says_what_when_what_it_saves_and_how_sure(capacity):
    text = capacity.text
    for words in (
        "Reserve 12 USD 2.00 per GPU-hour, aws",
        "On demand, mean 2.5 USD 5.00 per GPU-hour",
        "Spot, mean 0.5 USD 1.50 per GPU-hour",
        "Quota to have 21 ",
        "Cost over 1 year USD 333k",
        "From 1 July 2024 for 1 year; today’s fleet: 15.6.",  # noqa: RUF001
        "Saves USD 83,220 (20.0 %) over 1 year against today’s 15.6 GPUs kept.",  # noqa: RUF001
        "Planned for 13.1 GPUs on average, of which 4.2 for training and batch jobs; "
        "the chart shows serving only.",
        "Chance that an hour runs short: 1.2 %; with today’s fleet 8.0 %.",  # noqa: RUF001
        "Evidence: beyond the 28 days forecast, extrapolated (level held).",
        "Tested: 4 such plans of past weeks cost 6.2 % more than perfect foresight, "
        "11.0 % less than the fleet of that time.",
        # A100
        "Costs USD 200 (4.1 %) more over 28 days than today’s 3.6 GPUs kept.",  # noqa: RUF001
        "Evidence: every hour of the term is forecast.",
        "Never tested: the history is too short to replay a plan.",
        "Not known: reserved price; spot price.",
        "Chance that an hour runs short: below 0.1 %; with today’s fleet 30.0 %.",  # noqa: RUF001
    ):
        assert words in text


def test_the_forecast_months_plan_stands_beside_the_years(capacity):
    row = f"{company.H100} 28 days 13 2.5 0.5 15.6 USD 24,128 USD 6,032 1.2 % within horizon"
    assert row in capacity.text


def test_reserved_and_todays_gpus_are_drawn_across_demand(capacity):
    assert ">reserve 12</i>" in capacity.source
    assert ">today 15.6</i>" in capacity.source


def test_a_missing_price_is_said_and_not_invented(tmp_path, small):
    with duckdb.connect(small) as connection:
        connection.execute("""
            update marts.gpu_capacity_plan
            set reserved_gpus = null, expected_cost_usd = null, saving_usd = null,
                missing = 'on-demand price'
        """)
    text = render(small, tmp_path / "out")["capacity.html"].text
    assert text.count("No number can be given: on-demand price not known.") == 2
    assert "Reserve 0" not in text


def test_gpus_held_and_needed(capacity):
    # H100 models need 4 and 9 GPUs; held is 1.2 times that.
    row = re.search(r"NVIDIA-H100-80GB-HBM3 15\.6 (\S+) (\S+) (\S+) (short|spare)", capacity.text)
    assert row is not None
    assert 15.6 - float(row[2]) == pytest.approx(
        float(row[3]) * (1 if row[4] == "spare" else -1), abs=0.11
    )


def test_every_series_can_be_chosen_and_both_models_are_shown(capacity):
    keys = re.findall(r'<option value="(\w+)">', capacity.source)
    assert len(keys) == 5
    assert keys == [i for i in capacity.ids if re.fullmatch(r"s\d+", i)]
    assert capacity.text.count("How wrong they were") == 5
    assert capacity.text.count("Prophet used 1 to 24 hours ahead 8.0 % 0.3 91.0 % 25.0 %") == 5
    assert capacity.text.count("Forecast by Prophet (lost least); Seasonal naive beside it.") == 5


def test_how_wrong_we_were_over_all_series_and_test_by_test(capacity):
    text = capacity.text
    assert (
        "1 to 24 hours ahead the typical error was 8.0 % of demand; 91.0 % of hours stayed at or "
        "below the 90 % line, as promised; 15 of 15 series beat last week’s pattern."  # noqa: RUF001
    ) in text
    assert (
        "1 to 24 hours ahead, from 23 Jun: Prophet 8.0 %, Seasonal naive 10.0 %" in capacity.source
    )
    # Three replayed plans, the first 6 % above perfect foresight.
    assert f"{company.H100} 9 June 2024 168 13 12 USD 1,060 6.0 % USD 1,200 1.0 %" in text


def test_bursts_by_day(capacity):
    # 28 days from 1 July: 0.04 a day and 0.55 on the fourth.
    row = f"All {company.H100} GPUs 0.79 42.0 % 4 Jul 24 30 "
    assert row in capacity.text
    assert capacity.source.count('class="strip"') == 5
    assert "Thu 4 Jul: 42.0 % chance of a burst; peak 21 GPUs at 95 %, 27 at 99 %" in (
        capacity.source
    )


def test_a_burst_of_next_to_nothing_comes_last(tmp_path, small):
    with duckdb.connect(small) as connection:
        connection.execute("""
            insert into marts.gpu_burst_risk_daily
            select * replace ('tiny' as unique_id, 0.99 as burst_probability, 0.01 as peak_p99)
            from marts.gpu_burst_risk_daily where unique_id like 'accelerator:%'
        """)
    text = render(small, tmp_path / "out")["capacity.html"].text
    section = text[text.index("Bursts: what no season announces") :]
    places = [section.index(name) for name in ("All NVIDIA-H100", "support-assistant", "tiny")]
    assert places == sorted(places)


def test_the_week_shows_what_rides_on_top(capacity):
    title = "Mon 09:00: 4.5 on demand and 1.5 on spot, on top of 13 reserved; 1.0 % short"
    assert f'title="{title}"' in capacity.source
    assert f"{company.H100}: on top of 13, at most 6 on average" in capacity.text
    # One hour of each accelerator is short more often than 5 %.
    assert "2 hours of the week are expected to run short more often than 5.0 %" in capacity.text
    assert len(re.findall(r'<td class="heat-\d marked"', capacity.source)) == 2


def test_every_figure_can_be_saved(capacity):
    files = capacity.files()
    assert {name for name in files if not name.startswith("demand-")} == {
        "capacity-plan.csv",
        "gpus-held-and-needed.csv",
        "backtest-summary.csv",
        "backtests.csv",
        "capacity-plans-replayed.csv",
        "bursts.csv",
        "capacity-plan-by-hour-of-week.csv",
    }
    assert sum(name.startswith("demand-") for name in files) == 5
    for name, rows in files.items():
        assert rows, name


@pytest.mark.parametrize(
    ("file", "mart", "keys"),
    [
        ("capacity-plan.csv", "gpu_capacity_plan", "accelerator, term"),
        ("capacity-plan-by-hour-of-week.csv", "gpu_capacity_plan_hourly", "accelerator, hour"),
        ("bursts.csv", "gpu_burst_risk_daily", "unique_id, measure, date_day"),
        ("capacity-plans-replayed.csv", "gpu_capacity_plan_backtest", "accelerator, cutoff"),
    ],
)
def test_csv_has_the_marts_numbers_to_the_last_digit(warehouse, capacity, file, mart, keys):
    rows = capacity.files()[file]
    with duckdb.connect(warehouse, read_only=True) as connection:
        names = [c[0] for c in connection.execute(f"describe marts.{mart}").fetchall()]
        shared = [name for name in names if name in rows[0]]
        listed = ", ".join(f"coalesce(cast({name} as varchar), '') as {name}" for name in shared)
        wanted = connection.execute(f"select {listed} from marts.{mart}").fetchall()
    assert len(shared) >= 8
    found = [tuple(row[name] for name in shared) for row in rows]
    assert sorted(map(_plain, found)) == sorted(map(_plain, wanted))


def _plain(row):
    """Numbers by value: DuckDB writes 3.0 where Python does too, but 1e-05 otherwise."""

    def cell(text):
        try:
            return repr(float(text))
        except ValueError:
            return text

    return tuple(map(cell, row))


def test_csv_of_a_series_has_its_hours_and_both_forecasts(warehouse, capacity):
    files = capacity.files()
    total = f"accelerator:{company.H100}"
    rows = files[f"demand-accelerator-{company.H100.lower()}-gpus.csv"]
    with duckdb.connect(warehouse, read_only=True) as connection:
        seen = connection.execute(
            "select cast(ds as varchar), gpus_required from marts.fct_gpu_demand_hourly"
            " where unique_id = ? and ds > timestamp '2024-06-02 23:00' order by ds",
            [total],
        ).fetchall()
        ahead = connection.execute(
            "select cast(ds as varchar), model, y_p50, y_p80, y_p90, y_p95, y_p99"
            " from marts.gpu_demand_forecast_candidates"
            " where unique_id = ? and measure = 'gpus' order by model, ds",
            [total],
        ).fetchall()
    assert [(r["ds"], float(r["seen"])) for r in rows if r["seen"]] == seen
    quantiles = ("y_p50", "y_p80", "y_p90", "y_p95", "y_p99")
    assert [
        (r["ds"], r["model"], *(float(r[q]) for q in quantiles)) for r in rows if r["model"]
    ] == ahead
    assert {r["is_champion"] for r in rows if r["model"] == "prophet"} == {"true"}

"""The weekly value review: planted verdicts, moves, alerts and forecasts, found again."""

import duckdb

from reports.formats import usd_change
from reports.render import render_page, without_links
from tests.reports.page import Page, render


def test_the_week_is_set_against_the_one_before(value, tmp_path, small):
    # 100 USD a day, all month
    assert "Spend, last 7 days USD 700 no change against the week before" in value.text
    with duckdb.connect(small) as connection:
        connection.execute(
            "update marts.fct_model_cost_daily set effective_cost_usd = effective_cost_usd * 2"
            " where date_day > date '2024-06-23'"
        )
        connection.execute(
            "update marts.fct_unit_economics_daily set loaded_cost_usd = loaded_cost_usd * 3"
            " where date_day > date '2024-06-23'"
        )
    text = render(small, tmp_path / "out")["value.html"].text
    assert "USD 1,400 +USD 700 against the week before" in text
    # one model of 4 GPUs at 12.50 USD: 350 a week, then 1,050
    assert "support-assistant v1 +USD 700 USD 350 → USD 1,050" in text


def test_a_first_week_is_not_compared(tmp_path, small):
    with duckdb.connect(small) as connection:
        connection.execute(
            "delete from marts.fct_model_cost_daily where date_day <= date '2024-06-23'"
        )
    text = render(small, tmp_path / "out")["value.html"].text
    assert "USD 700 nothing is known of the week before" in text


def test_verdicts_have_their_money_and_the_next_step(value):
    # v1: 4 x 50 and v2: 9 x 50 at stake; the justified one has none
    assert "At stake in verdicts, per 30 days USD 650" in value.text
    assert "1 to eliminate, 1 to optimize, 1 justified" in value.text
    assert (
        "support-assistant v2 optimize USD 2,700 USD 8,100 200 % 150 % to 250 % USD 450 USD 788 "
        "no change because of support-assistant next for support-assistant" in value.text
    )
    rows = value.files()["verdicts.csv"]
    assert [row["verdict"] for row in rows] == ["eliminate", "optimize", "justify"]
    assert rows[1]["week_usd"] == "787.500000000000"


def test_only_versions_of_this_week_took_over(value):
    assert (
        "support-assistant v2 after v0, 27 June 2024: USD 100 a day before, USD 250" in value.text
    )
    assert "USD 999" not in value.text
    assert "costs more and brings less" in value.text


def test_alerts_say_what_is_new_and_what_is_not_known(value):
    assert "Open alerts 4 3 began in the last 7 days" in value.text
    assert "budget of head budget at risk – head 1 Jun spent cut" in value.text  # noqa: RUF001
    assert len(value.files()["open-alerts.csv"]) == 4


def test_last_weeks_forecast_is_scored(value):
    # 166 of 168 hours inside; off by 20 of 166 x 10 + 2 x 20 = 1,700
    assert "98.8 % 166 of 168 2 1.2 % -1.2 %" in value.text
    assert "27 June 2024, 12:00 UTC 10 forecast, 20 came" in value.text
    assert "Published with data up to 23 June 2024, 23:00 UTC" in value.text
    assert value.source.count('class="line history"') == 2
    hours = value.files()["last-week-s-forecast-by-the-hour.csv"]
    assert len(hours) == 2 * 168


def test_the_lines_of_a_week_looked_back_on_lie_on_each_other(value):
    # both start at the left edge, and no line runs from the end of one to the start of the other
    for kind in ("history", "median"):
        (path, *_) = value.source.split(f'class="line {kind}" d="')[1:]
        assert path.startswith("M0 ")
    assert 'class="now" style="left:0.0%"' in value.source


def test_a_page_that_goes_alone_has_no_links_to_others(small):
    page = render_page(small, "value")
    alone = Page(without_links(page, {"capacity.html", "costs.html"}))
    assert not [address for address in alone.addresses if address.endswith(".html")]
    assert not alone.open
    assert without_links(page, set()) == page
    both = Page(without_links(page, {"costs.html"}))
    assert "capacity.html" in both.addresses and "costs.html" not in both.addresses


def test_a_change_has_its_sign():
    assert [usd_change(value) for value in (12345, -12345, -0.0156, 0, 0.004, None)] == [
        "+USD 12,345",
        "-USD 12,345",
        "-USD 0.02",
        "no change",
        "no change",
        "–",  # noqa: RUF001
    ]

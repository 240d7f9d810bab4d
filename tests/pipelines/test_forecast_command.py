"""`valueops forecast`: one series at the terminal."""

import csv
import io
import json
import shutil

import duckdb
import pandas as pd
import pytest
from valueops_command import valueops

from pipelines.errors import UserError
from pipelines.forecasting.command import show_forecast
from pipelines.forecasting.lookup import ForecastRequest, find_forecast
from pipelines.query import Format
from tests.reports import company

TOTAL = f"accelerator:{company.H100}"
SERIES = f"search-ranker/v3/rank/{company.A100}"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    company.busy(home / "warehouse.duckdb")
    with duckdb.connect(home / "warehouse.duckdb") as connection:
        connection.execute("create schema ops")
    return home


def tell(home, style=Format.TABLE, **request):
    out = io.StringIO()
    show_forecast(home / "warehouse.duckdb", ForecastRequest(**request), style, out)
    return out.getvalue()


def mart(home, sql, *values):
    with duckdb.connect(home / "warehouse.duckdb", read_only=True) as connection:
        return connection.execute(sql, list(values)).fetchall()


def test_the_command_shows_chart_days_and_backtest(home):
    done = valueops("forecast", "--home", home, "--series", company.H100)
    assert done.returncode == 0, done.stderr
    told = done.stdout
    assert f"All {company.H100}" in told
    assert (
        "GPUs by prophet (champion: lost least), published; 168 hours after 2024-06-30 23:00 UTC"
        in told
    )
    for sign in "█▒░┊":
        assert told.count(sign) > 3
    assert told.count("2024-07-0") == 7  # a line for each of 7 days
    assert (
        "Backtest: 1 to 24 hours ahead 8.0 % wrong, 91.0 % of hours at or below its 90 % line, "
        "25.0 % better than seasonal naive; 25 to 168 hours ahead"
    ) in told


def test_days_are_the_marts_mean_and_busiest_hour(home):
    ((mean, p50, p95),) = mart(
        home,
        "select avg(y_p50), max(y_p50), max(y_p95) from marts.gpu_demand_forecast"
        " where unique_id = ? and measure = 'gpus' and cast(ds as date) = '2024-07-02'",
        TOTAL,
    )
    (line,) = [x for x in tell(home, series=TOTAL).splitlines() if x.startswith("Tue 2024-07-02")]
    found = line.split()[2:]
    assert float(found[0]) == pytest.approx(mean, rel=0.01)
    assert float(found[1]) == pytest.approx(p50, rel=0.01)
    assert float(found[4]) == pytest.approx(p95, rel=0.01)


@pytest.mark.parametrize("model", ["prophet", "seasonal_naive", "Seasonal-Naive"])
def test_csv_is_the_mart_to_the_last_digit(home, model):
    told = tell(home, Format.CSV, series=SERIES, measure="tokens", horizon=672, model=model)
    rows = list(csv.DictReader(io.StringIO(told)))
    quantiles = ("y_p50", "y_p80", "y_p90", "y_p95", "y_p99")
    found = [(row["ds"], *(float(row[q]) for q in quantiles)) for row in rows]
    assert found == mart(
        home,
        "select cast(ds as varchar), y_p50, y_p80, y_p90, y_p95, y_p99"
        " from marts.gpu_demand_forecast_candidates"
        " where unique_id = ? and measure = 'tokens' and model = ? order by ds",
        SERIES,
        model.lower().replace("-", "_"),
    )
    assert {row["y"] for row in rows} == {""}


def test_json_says_what_it_is(home):
    told = json.loads(tell(home, Format.JSON, series=SERIES, horizon=24))
    assert told["unique_id"] == SERIES
    assert told["measure"] == "gpus"
    assert told["is_published"] and told["is_champion"]
    assert len(told["hours"]) == 24
    assert told["hours"][0]["ds"] == "2024-07-01 00:00:00"
    assert told["hours"][0]["y"] is None
    assert told["backtest"][0]["wape"] == pytest.approx(0.08)


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ({"series": "serch-ranker/v3/rank"}, f"the nearest: {SERIES}"),
        ({"series": "chat"}, "the nearest: support-assistant/v1/chat/"),
        ({"series": "zzz"}, "there is no series zzz; the nearest: accelerator:"),
        ({"series": SERIES, "measure": "watts"}, "it has gpus, tokens, requests"),
        ({"series": SERIES, "model": "oracle"}, "there are: prophet, seasonal_naive"),
        ({"series": SERIES, "at": pd.Timestamp("2025-01-01")}, "after the newest hour of data"),
        ({"series": SERIES, "at": pd.Timestamp("2020-01-01")}, "nothing was known of"),
    ],
)
def test_what_there_is_not_is_one_line_with_the_nearest(home, request_, message):
    with pytest.raises(UserError) as refused:
        tell(home, **request_)
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)


def test_wrong_usage_is_exit_1(home, tmp_path):
    done = valueops("forecast", "--home", home, "--series", SERIES, "--format", "xml")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "valueops: --format is table, csv or json, not xml\n"
    done = valueops("forecast", "--home", tmp_path, "--series", SERIES)
    assert done.returncode == 1
    assert "there is no warehouse" in done.stderr


def test_a_past_cutoff_knows_nothing_of_what_came(home, tmp_path):
    """Computed at the cutoff; later demand only scores it."""
    at = pd.Timestamp("2024-06-20 23:00")
    warehouse = home / "warehouse.duckdb"
    request = ForecastRequest(SERIES, horizon=24, model="seasonal_naive", at=at)
    found = find_forecast(warehouse, request)
    assert not found.is_published
    assert found.created_at == at
    assert found.hours["ds"].min() == pd.Timestamp("2024-06-21 00:00")
    came = mart(
        home,
        "select gpus_required from marts.fct_gpu_demand_hourly where unique_id = ?"
        " and ds between '2024-06-21 00:00' and '2024-06-21 23:00' order by ds",
        SERIES,
    )
    assert found.hours["y"].tolist() == [y for (y,) in came]
    assert found.history["ds"].max() == at
    # Another future must not change it.
    other = shutil.copy(warehouse, tmp_path / "other.duckdb")
    with duckdb.connect(other) as connection:
        connection.execute(
            "update marts.fct_gpu_demand_hourly set gpus_required = 99"
            " where ds > '2024-06-20 23:00'"
        )
    again = find_forecast(other, request)
    quantiles = ["ds", "y_p50", "y_p80", "y_p90", "y_p95", "y_p99"]
    pd.testing.assert_frame_equal(again.hours[quantiles], found.hours[quantiles])
    told = tell(home, series=SERIES, horizon=24, model="seasonal_naive", at=at)
    assert "computed now from this series alone" in told
    assert "● what came" in told
    assert "What came in 24 of these hours:" in told


def test_beyond_the_published_horizon_it_is_computed(home):
    found = find_forecast(
        home / "warehouse.duckdb", ForecastRequest(SERIES, horizon=700, model="seasonal_naive")
    )
    assert not found.is_published
    assert len(found.hours) == 700
    assert found.created_at == pd.Timestamp(company.CREATED_AT)


def test_a_terminal_without_unicode_gets_ascii(home):
    done = valueops(
        "forecast", "--home", home, "--series", SERIES, PYTHONIOENCODING="ascii", PYTHONUTF8="0"
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.isascii()
    assert "#" in done.stdout

"""Both pages: what they must not do, and what they say where marts are empty."""

import base64
import hashlib
import html
import re

import duckdb
import pytest
from contract_marts import create_marts, mart_contracts

from reports.warehouse import Warehouse
from tests.reports import company
from tests.reports.page import PAGES, render

HOSTILE = (
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(1)>",
    '"><img src=x onerror=alert(1)>',
    "'x'",
    '=HYPERLINK("http://x.example","y")',
)


def test_a_page_needs_no_network_and_is_small(page):
    allowed = ("#", "data:", *PAGES)
    assert all(address.startswith(allowed) for address in page.addresses)
    assert not re.search(r"https?://|@import|url\(", page.source)
    assert "default-src 'none'" in page.source
    assert not page.open
    assert len(page.ids) == len(set(page.ids))
    assert len(page.source) < 2_500_000


def test_links_inside_the_pages_lead_somewhere(rendered):
    for name, page in rendered.items():
        for address in page.addresses:
            if address.startswith("data:"):
                continue
            other, _, place = address.partition("#")
            target = rendered[other or name]
            assert not place or place in target.ids, address


def test_only_our_script_may_run(page):
    assert page.tags.count("script") == 1
    script = re.search(r"<script>(.*?)</script>", page.source, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in page.source


def test_hostile_names_are_only_text(tmp_path):
    models = tuple((name, name, name, name, 4.0) for name in HOSTILE)
    warehouse = company.busy(tmp_path / "w.duckdb", models, 48)
    with duckdb.connect(warehouse) as connection:
        named = ", ".join(f"$name as {n}" for n in ("accelerator", "provider", "method", "missing"))
        connection.execute("create temp table kept as from marts.gpu_capacity_plan limit 1")
        for name in HOSTILE:
            connection.execute(
                f"insert into marts.gpu_capacity_plan select * replace ({named}) from kept",
                {"name": name},
            )
            connection.execute(
                "insert into marts.gpu_capacity_plan_hourly select * replace ($name as accelerator)"
                " from marts.gpu_capacity_plan_hourly where accelerator like '%H100%'",
                {"name": name},
            )
    for file, page in render(warehouse, tmp_path / "out").items():
        assert page.tags.count("script") == 1
        assert "img" not in page.tags
        assert not page.open
        for name in HOSTILE:
            assert name in page.text, file
            escaped = html.escape(name).replace("&quot;", "&#34;").replace("&#x27;", "&#39;")
            assert page.source.count(escaped) > 3
        files = page.files()
        cells = [cell for rows in files.values() for row in rows for cell in row.values()]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))]
        assert not [cell for cell in cells if re.match(r"-[^\d]", cell)]
        assert any(cell.startswith("'=HYPERLINK") for cell in cells)


def test_every_question_finds_its_columns_in_the_contracts(tmp_path, caplog):
    create_marts(tmp_path / "w.duckdb").close()
    known = mart_contracts()
    pages = render(tmp_path / "w.duckdb", tmp_path / "out")
    assert all(not page.open for page in pages.values())
    for message in caplog.messages:
        if message.startswith("no answer to"):
            absent = re.search(r"Table with name (\w+) does not exist", message)
            assert absent is not None and absent[1] not in known, message


def test_an_empty_warehouse_says_what_to_provide(tmp_path, caplog):
    pages = render(company.empty(tmp_path / "w.duckdb"), tmp_path / "out")
    text = " ".join(page.text for page in pages.values())
    for folder in ("billing/", "gpu_metrics/", "llm_requests/", "prices/gpu_prices*"):
        assert folder in text
    for words in (
        "No plan yet.",
        "To see demand, provide request logs",
        "Nothing was tested yet",
        "Bursts are not estimated yet",
        "No plan by hour yet",
        "To see cost by model, provide",
        "To see what GPUs do with their money",
        "To see verdicts, provide",
        "No forecast in the lake was made before",
        "Nothing is open.",
    ):
        assert words in text
    for page in pages.values():
        assert "No billing or GPU data yet." in page.text
        assert not page.open
        assert page.files() == {}
    assert "no answer to" not in caplog.text


def test_a_warehouse_without_marts_does_too(tmp_path, caplog):
    duckdb.connect(tmp_path / "w.duckdb").close()
    pages = render(tmp_path / "w.duckdb", tmp_path / "out")
    assert "To see demand, provide request logs" in pages["capacity.html"].text
    assert "no answer to spend" not in caplog.text  # not asked without a window
    assert "no answer to demand_series" in caplog.text


@pytest.mark.parametrize(
    "table",
    [
        "fct_model_cost_daily",
        "fct_gpu_utilization_hourly",
        "fct_unit_economics_daily",
        "fct_model_value_monthly",
        "fct_gpu_demand_hourly",
        "gpu_demand_forecast_candidates",
        "gpu_demand_backtest",
        "gpu_capacity_plan",
        "gpu_capacity_plan_hourly",
        "gpu_capacity_plan_backtest",
        "gpu_burst_risk_daily",
        "fct_model_verdicts",
        "fct_version_changes",
        "fct_alerts",
        "fct_forecast_review_weekly",
        "fct_forecast_review_hourly",
    ],
)
def test_any_one_mart_may_be_empty(tmp_path, small, table):
    with duckdb.connect(small) as connection:
        connection.execute(f"delete from marts.{table}")
    for page in render(small, tmp_path / "out").values():
        assert not page.open
        assert "Assumptions and method" in page.text
        assert "nan" not in page.text.lower().split()
        assert "None" not in page.text


def test_any_nullable_figure_may_be_unknown(tmp_path, small):
    keys = {"accelerator", "term", "hour_of_week", "cutoff", "unique_id", "measure", "date_day"}
    keep = keys | {"created_at", "evidence", "method"}
    with duckdb.connect(small) as connection:
        for table in ("plan", "plan_hourly", "plan_backtest"):
            name = f"marts.gpu_capacity_{table}"
            for column, *_ in connection.execute(f"describe {name}").fetchall():
                if column not in keep:
                    connection.execute(f"update {name} set {column} = null")
        for column in ("burst_probability", "expected_bursts", "peak_p95", "peak_p99"):
            connection.execute(f"update marts.gpu_burst_risk_daily set {column} = null")
        for column in ("wape", "coverage_90", "pinball", "skill_vs_seasonal_naive"):
            connection.execute(f"update marts.gpu_demand_backtest set {column} = null")
    page = render(small, tmp_path / "out")["capacity.html"]
    assert not page.open
    assert "None" not in page.text and "nan" not in page.text.lower().split()
    assert "No number can be given" in page.text


def test_forecasts_that_give_no_reason_are_drawn_too(tmp_path, small):
    with duckdb.connect(small) as connection:
        connection.execute("drop view marts.gpu_demand_forecast")
        connection.execute("alter table marts.gpu_demand_forecast_candidates drop champion_reason")
        connection.execute("""
            create view marts.gpu_demand_forecast as
            select * exclude (is_champion) from marts.gpu_demand_forecast_candidates
            where is_champion
        """)
    text = render(small, tmp_path / "out")["capacity.html"].text
    assert "Forecast by Prophet ; Seasonal naive beside it." in text


def test_a_series_that_only_a_forecast_knows_is_drawn(tmp_path, small):
    with duckdb.connect(small) as connection:
        connection.execute("""
            insert into marts.gpu_demand_forecast_candidates
            select 'training:A100', * exclude (unique_id)
            from marts.gpu_demand_forecast_candidates
            where unique_id like 'support%' and measure = 'gpus'
        """)
    assert "Training on A100 (GPUs)" in render(small, tmp_path / "o")["capacity.html"].text


def test_ten_thousand_series_are_not_read(warehouse, monkeypatch):
    """Hourly rows are asked for the drawn series only."""
    asked = {}
    real = Warehouse.frame

    def frame(self, question, **parameters):
        asked[question] = parameters
        return real(self, question, **parameters)

    monkeypatch.setattr(Warehouse, "frame", frame)
    monkeypatch.setattr("reports.sections.series.MAX_SERIES", 2)
    from reports.sections.series import drawn_series
    from reports.warehouse import open_warehouse

    with open_warehouse(warehouse) as opened:
        drawn = drawn_series(opened)
    assert [len(p["unique_ids"]) for p in asked.values()] == [2, 2]
    assert drawn.hidden == 3
    assert [series.is_total for series in drawn.series] == [True, True]


def test_the_same_warehouse_gives_the_same_pages(tmp_path, small):
    first = render(small, tmp_path / "one")
    second = render(small, tmp_path / "two")
    assert {n: p.source for n, p in first.items()} == {n: p.source for n, p in second.items()}
    assert sorted(p.name for p in (tmp_path / "one").iterdir()) == list(PAGES)

"""The capacity page as a whole: what it says, what it must not do."""

import html
import re
from html.parser import HTMLParser

import duckdb
import pytest

from reports import render_reports
from tests.reports import company

HOSTILE = "<script>alert(1)</script>"


class Page(HTMLParser):
    """Collects tags, visible words and addresses."""

    VOID = ("meta", "link", "path", "br", "input")

    def __init__(self, source):
        super().__init__()
        self.tags, self.words, self.addresses, self.open, self.ids = [], [], [], [], []
        self.feed(source)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        attributes = dict(attrs)
        self.addresses += [v for k, v in attrs if k in {"src", "href"}]
        self.ids += [attributes["id"]] if "id" in attributes else []
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag):
        if tag not in self.VOID:
            assert self.open.pop() == tag

    def handle_data(self, data):
        if not {"script", "style"} & set(self.open):
            self.words.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())


def render(warehouse, out):
    (path,) = render_reports(warehouse, out)
    assert path == out / "capacity.html"
    source = path.read_text(encoding="utf-8")
    return source, Page(source)


@pytest.fixture(scope="module")
def rendered(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reports")
    return render(company.busy(folder / "w.duckdb"), folder / "reports")


def test_key_figures_are_those_planted(rendered):
    _, page = rendered
    # 30 days at 100 USD, 4 of them unattributed; idle is checked against the mart's own sum below.
    assert "Spend, last 30 days USD 3,000" in page.text
    assert "Unattributed spend 4.0 % USD 120" in page.text
    assert "As of 30 June 2024 , looking back 30 days." in page.text
    assert "Forecast from 30 June 2024, 23:00 UTC" in page.text
    assert "25.0 % better" in page.text


def test_idle_burn_is_the_marts_sum_of_30_days(tmp_path):
    warehouse = company.busy(tmp_path / "w.duckdb")
    with duckdb.connect(warehouse, read_only=True) as connection:
        idle, cost = connection.execute(
            "select sum(idle_cost_usd), sum(cost_usd) from marts.fct_gpu_utilization_hourly"
            " where hour >= timestamp '2024-06-01'"
        ).fetchone()
    _, page = render(warehouse, tmp_path / "out")
    assert f"Idle GPU burn, last 30 days USD {idle:,.0f}" in page.text
    assert f"{idle / cost:.1%}".replace("%", " %") + f" of USD {cost:,.0f} for GPUs" in page.text
    assert cost == 28_800  # 20 GPUs x 24 hours x 30 days x 2 USD


def test_gpus_held_and_needed(rendered):
    _, page = rendered
    # H100 models need 4 and 9 GPUs; held is 1.2 times that.
    row = re.search(r"NVIDIA-H100-80GB-HBM3 15\.6 (\S+) (\S+) (\S+) (short|spare)", page.text)
    assert row is not None
    assert 15.6 - float(row[2]) == pytest.approx(
        float(row[3]) * (1 if row[4] == "spare" else -1), abs=0.11
    )


def test_bars_split_gpu_money_by_who_held_it(rendered):
    source, page = rendered
    # 10 GPUs x 720 hours x 2 USD; 3 of them held by nobody; the rest by the mart's own idle rule.
    bars = re.findall(
        r'aria-label="(\S+): USD 14,400, of which held and busy USD (\S+), '
        r'held but idle USD (\S+), held by nobody USD 4,320"',
        source,
    )
    assert {accelerator for accelerator, _, _ in bars} == {company.A100, company.H100}
    for _, busy, idle in bars:
        held = float(busy.replace(",", "")) + float(idle.replace(",", ""))
        assert held == pytest.approx(14_400 - 4_320, abs=1)
    assert 'aria-label="no workload: USD 8,640, of which held by nobody USD 8,640"' in source
    assert page.tags.count("table") >= 2 + 5


def test_cost_table_shows_value_and_roi_of_the_last_whole_month(rendered):
    _, page = rendered
    # v2: 9 GPUs x 12.5 USD x 30 days over 60 million tokens; value 9 x 500.
    expected = (
        "support-assistant v2 USD 3,375 USD 2,700 30,000 USD 56.25 "
        "USD 4,500 USD 4.05k to USD 4.95k 33.0 %"
    )
    assert expected in page.text
    assert "USD 2,000 USD 1.8k to USD 2.2k -25.0 %" in page.text
    assert "search-ranker v3 USD 1,125 USD 900 30,000 USD 18.75 – –" in page.text  # noqa: RUF001
    assert "Value, June 2024" in page.text


def test_every_series_can_be_chosen_and_both_models_are_shown(rendered):
    source, page = rendered
    keys = re.findall(r'<option value="(\w+)">', source)
    assert len(keys) == 5
    assert keys == [i for i in page.ids if re.fullmatch(r"s\d+", i)]
    assert page.text.count("How wrong they were") == 5
    assert len(page.ids) == len(set(page.ids))
    for words in ("Prophet", "used above", "Seasonal naive", "Typical error (WAPE)", "91.0 %"):
        assert words in page.text


def test_the_page_needs_no_network_and_is_small(rendered):
    source, page = rendered
    assert all(a.startswith(("#", "data:")) for a in page.addresses)
    assert not re.search(r"https?://|@import|url\(", source)
    assert "default-src 'none'" in source
    assert not page.open
    assert len(source) < 2_500_000


def test_only_our_script_may_run(rendered):
    import base64
    import hashlib

    source, page = rendered
    assert page.tags.count("script") == 1
    script = re.search(r"<script>(.*?)</script>", source, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in source


@pytest.mark.parametrize("name", [HOSTILE, "</script>", '"><img src=x onerror=alert(1)>', "'x'"])
def test_hostile_names_are_only_text(tmp_path, name):
    models = ((name, name, name, company.H100, 4.0), (name, "v2", "e", name, 1.0))
    source, page = render(company.busy(tmp_path / "w.duckdb", models), tmp_path / "out")
    assert page.tags.count("script") == 1
    assert "img" not in page.tags
    assert not page.open
    assert name in page.text
    assert source.count(html.escape(name).replace("&quot;", "&#34;").replace("&#x27;", "&#39;")) > 5


def test_an_empty_warehouse_says_what_to_provide(tmp_path, caplog):
    _, page = render(company.empty(tmp_path / "w.duckdb"), tmp_path / "out")
    for folder in ("billing/", "gpu_metrics/", "llm_requests/", "prices/gpu_prices*"):
        assert folder in page.text
    assert "No billing or GPU data yet." in page.text
    assert not page.open
    # Every query must find its tables and columns in the marts as they are.
    assert "no answer to" not in caplog.text


def test_a_warehouse_without_marts_does_too(tmp_path, caplog):
    duckdb.connect(tmp_path / "w.duckdb").close()
    _, page = render(tmp_path / "w.duckdb", tmp_path / "out")
    assert "To see demand, provide request logs" in page.text
    assert "no answer to spend" not in caplog.text  # not asked without a window
    assert "no answer to demand_history" in caplog.text


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
    ],
)
def test_any_one_mart_may_be_empty(tmp_path, table):
    warehouse = company.busy(tmp_path / "w.duckdb")
    with duckdb.connect(warehouse) as connection:
        connection.execute(f"delete from marts.{table}")
    _, page = render(warehouse, tmp_path / "out")
    assert not page.open
    assert "Assumptions and method" in page.text
    assert "nan" not in page.text.lower().split()
    assert "None" not in page.text


def test_the_same_warehouse_gives_the_same_page(tmp_path):
    warehouse = company.busy(tmp_path / "w.duckdb")
    first, _ = render(warehouse, tmp_path / "one")
    second, _ = render(warehouse, tmp_path / "two")
    assert first == second
    assert [p.name for p in (tmp_path / "one").iterdir()] == ["capacity.html"]


def test_demo_figures_are_called_so(tmp_path):
    warehouse = company.busy(tmp_path / "w.duckdb")
    _, page = render(warehouse, tmp_path / "real")
    assert "demo figures" not in page.text
    with duckdb.connect(warehouse) as connection:
        connection.execute("update marts.fct_model_cost_daily set billing_account_id = 'demo-1'")
    _, page = render(warehouse, tmp_path / "demo")
    assert "demo figures" in page.text

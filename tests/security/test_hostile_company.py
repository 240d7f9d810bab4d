"""Names that attack and secrets that must not show, through one refresh and every command."""

import csv
import io
import os
import re
import secrets
import subprocess
import sys
from base64 import b64decode
from dataclasses import dataclass
from decimal import Decimal
from gzip import decompress
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import duckdb
import pyarrow.parquet as pq
import pytest
from hostile_company import (
    ACCELERATOR,
    CALLED,
    DAILY_USD,
    DAYS,
    NAMES,
    ROLES,
    write_hostile_company,
)

from pipelines.capacity.command import PlanRequest, plan
from pipelines.explain import explain
from pipelines.forecasting.command import show_forecast
from pipelines.forecasting.lookup import ForecastRequest
from pipelines.harmless import harmless
from pipelines.query import Format, run_query
from pipelines.roles.budgets import show_budgets
from pipelines.roles.names import role_file_name

COMMAND = [sys.executable, "-c", "from pipelines.cli import app; app()"]
SECRETS = (
    "DESTINATION__FILESYSTEM__CREDENTIALS__AWS_SECRET_ACCESS_KEY",
    "SOURCES__SQL_DATABASE__CREDENTIALS__PASSWORD",
    "SOURCES__PROMETHEUS__API_KEY",
    "ALERTS__SLACK__WEBHOOK_URL",
    "ALERTS__SMTP__PASSWORD",
)
SMTP = {
    "HOST": "127.0.0.1",
    "PORT": "9",
    "SECURITY": "none",
    "USER": "valueops",
    "SENDER": "valueops@example.org",
    "RECIPIENTS": "finops@example.org",
}
PER_NAME = DAYS * Decimal(DAILY_USD)
Done = subprocess.CompletedProcess[str]


@dataclass(frozen=True)
class Company:
    root: Path
    canary: str
    refreshed: Done
    failed: Done

    @property
    def home(self) -> Path:
        return self.root / "home"

    @property
    def warehouse(self) -> Path:
        return self.home / "warehouse.duckdb"

    def run(self, *arguments: str | Path) -> Done:
        return run(self.root, self.canary, *arguments)

    def query(self, database: Path, sql: str) -> list[tuple]:
        with duckdb.connect(database, read_only=True) as reader:
            return reader.sql(sql).fetchall()


def run(root: Path, canary: str, *arguments: str | Path) -> Done:
    """The command as started in a folder that holds dlt's secrets, with more in the environment."""
    # Nobody listens on port 9: what is open cannot be told, and the error knows the secrets.
    known = {name: f"http://127.0.0.1:9/{canary}" for name in SECRETS}
    known |= {f"ALERTS__SMTP__{name}": value for name, value in SMTP.items()}
    code = [*COMMAND, *map(str, arguments)]
    repository = str(Path(__file__).parents[2])
    env = os.environ | known | {"COLUMNS": "200", "PYTHONPATH": repository}
    return subprocess.run(code, cwd=root, env=env, capture_output=True, text=True, timeout=400)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Company:
    root = tmp_path_factory.mktemp("company")
    canary = f"canary-{secrets.token_hex(12)}"
    (root / ".dlt").mkdir()
    (root / ".dlt/secrets.toml").write_text(
        f'[sources.vendor]\napi_key = "{canary}"\n[alerts.smtp]\npassword = "{canary}"\n'
    )
    write_hostile_company(root / "inputs")
    inputs = ("--inputs", root / "inputs")
    refreshed = run(root, canary, "refresh", *inputs, "--home", root / "home")
    (root / "broken").mkdir()
    (root / "broken/lake").write_text("a file where the lake should be")
    failed = run(root, canary, "refresh", *inputs, "--home", root / "broken")
    return Company(root, canary, refreshed, failed)


def test_the_company_is_published_with_all_its_money(company: Company) -> None:
    assert company.refreshed.returncode == 0, company.refreshed.stdout + company.refreshed.stderr
    money = company.query(
        company.warehouse,
        """select model_name, model_version, endpoint, team, sum(effective_cost_usd)
        from marts.fct_model_cost_daily group by all""",
    )
    assert sorted(money) == sorted((name, name, name, name, PER_NAME) for name in NAMES)


def test_a_role_s_file_holds_its_teams_and_their_money(company: Company) -> None:
    """Teams are spelled in upper case in roles/; the sum is filtered a second way."""
    for role, teams in ROLES.items():
        file = company.home / "roles" / role_file_name(role)
        found = company.query(
            file,
            """select team, sum(effective_cost_usd) from marts.fct_model_cost_daily group by all""",
        )
        assert dict(found) == dict.fromkeys(teams, PER_NAME)
        content = file.read_bytes()
        assert all(team.encode() in content for team in teams)
        assert not any(name.encode() in content for name in NAMES if name not in teams)
        (budget,) = company.query(file, "select role, actual_usd from marts.fct_budget_status")
        assert budget[0] == role and abs(budget[1] - len(teams) * PER_NAME) < Decimal("0.01")
    assert len(list((company.home / "roles").iterdir())) == len(ROLES)


class Elements(HTMLParser):
    """The elements of a page, and the text between them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("name", ["capacity.html", "costs.html"])
def test_no_name_becomes_an_element_of_a_page(company: Company, name: str) -> None:
    page = Elements((company.home / "reports" / name).read_text(encoding="utf-8"))
    tags = [tag for tag, _ in page.elements]
    assert tags.count("script") == 1 and "img" not in tags
    handlers = {key for _, attributes in page.elements for key in attributes if key[:2] == "on"}
    assert handlers == set()
    links = {attributes.get("href") or "" for _, attributes in page.elements}
    assert not any(link.strip().lower().startswith("javascript") for link in links)
    shown = [ACCELERATOR] if name == "capacity.html" else [NAMES[1], NAMES[3]]
    assert all(text in page.text for text in shown)


def test_downloads_hold_no_formula(company: Company) -> None:
    cells = []
    for page in (company.home / "reports").glob("*.html"):
        for _, attributes in Elements(page.read_text(encoding="utf-8")).elements:
            text = _downloaded(attributes.get("href") or "")
            cells += [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert any("cmd|" in cell for cell in cells)
    run_by_spreadsheets = [cell for cell in cells if re.match(r"[=@+\-\t\r]", cell)]
    assert [cell for cell in run_by_spreadsheets if not re.fullmatch(r"-?[\d.e+-]+", cell)] == []


def _downloaded(href: str) -> str:
    if href.startswith("data:text/csv"):
        return unquote(href.partition(",")[2])
    if href.startswith("data:application/gzip"):
        return decompress(b64decode(href.partition(",")[2])).decode()
    return ""


@pytest.mark.parametrize("name", CALLED, ids=range(len(CALLED)))
def test_commands_take_any_name_and_obey_none(company: Company, name: str) -> None:
    out = io.StringIO()
    explain(company.warehouse, name, None, Format.TABLE, out)
    series = ForecastRequest(f"{name}/{name}/{name}/{ACCELERATOR}", None, 24, None, None)
    show_forecast(company.warehouse, series, Format.TABLE, out)
    shown = harmless(name)
    assert out.getvalue().count(shown) > 1
    assert "\x1b" not in out.getvalue()


def test_tables_plans_and_budgets_show_any_name(company: Company) -> None:
    out = io.StringIO()
    run_query(company.warehouse, "from dim_model_version", Format.TABLE, out)
    plan(company.warehouse, PlanRequest(), out)
    plan(company.warehouse, PlanRequest(traffic="+50%"), out)
    show_budgets(company.warehouse, Format.TABLE, out)
    for name in (*NAMES, *ROLES, ACCELERATOR):
        assert harmless(name).split("\n")[0] in out.getvalue()
    assert "\x1b" not in out.getvalue() and "\u202e" not in out.getvalue()


def test_an_unknown_name_is_one_harmless_line(company: Company) -> None:
    done = company.run("explain", "--model", "\x1b[2J[/]'; --", "--home", company.home)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1 and "\x1b" not in done.stderr


def test_no_secret_is_in_anything_that_is_written_or_said(company: Company) -> None:
    """Bytes of every file of the home, and every text of the warehouse, which may be packed."""
    assert company.failed.returncode == 1 and company.failed.stderr.count("\n") == 1
    said = company.refreshed.stdout
    assert "Slack webhook cannot be reached" in said and "mail server 127.0.0.1" in said
    for done in (company.refreshed, company.failed):
        assert company.canary not in done.stdout + done.stderr
    files = [
        path for home in ("home", "broken") for path in (company.root / home).rglob("*")
        if path.is_file()
    ]  # fmt: skip
    assert {".db", ".log", ".parquet", ".html"} <= {path.suffix for path in files}
    assert [path for path in files if company.canary.encode() in path.read_bytes()] == []
    for database in (path for path in files if path.suffix == ".duckdb"):
        assert company.canary not in _all_text(database)
    lake = [path for path in files if path.suffix == ".parquet"]
    assert company.canary not in "".join(str(pq.read_table(path).to_pylist()) for path in lake)


def _all_text(database: Path) -> str:
    with duckdb.connect(database, read_only=True) as reader:
        tables = reader.sql("select schema_name, table_name from duckdb_tables()").fetchall()
        return "".join(
            str(reader.table(f'"{schema}"."{table}"').fetchall()) for schema, table in tables
        )

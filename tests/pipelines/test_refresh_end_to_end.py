"""The real command on the real project: empty, then deliveries, then one that must not pass."""

import hashlib
import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from receivers import Webhook, webhook
from small_deliveries import write_billing, write_requests
from valueops_command import valueops

from pipelines.home import HomePaths
from pipelines.upkeep.compaction import Compaction

DAYS = 4
Done = subprocess.CompletedProcess[str]


@dataclass(frozen=True)
class Story:
    inputs: Path
    home: Path
    empty: Done
    loaded: Done
    blocked: Done
    told: Webhook
    digest_loaded: str
    digest_blocked: str
    forecasts_loaded: int
    old_reader_days: int


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture(scope="session")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    root = tmp_path_factory.mktemp("story")
    inputs, home = root / "inputs", root / "home"
    inputs.mkdir()
    run = ("refresh", "--inputs", inputs, "--home", home)

    empty = valueops(*run)
    assert empty.returncode == 0, empty.stdout + empty.stderr
    with duckdb.connect(home / "warehouse.duckdb", read_only=True) as reader:
        write_billing(inputs, "2025-03-v1.csv", DAYS, bad_rows=2)
        write_requests(inputs, hours=DAYS * 24)
        loaded = valueops(*run)
        old_reader_days = reader.table("marts.fct_model_cost_daily").count("*").fetchall()[0][0]
    digest_loaded = digest(home / "warehouse.duckdb")
    forecasts = len(list((home / "lake" / "demand_forecasts").glob("*.parquet")))

    write_billing(inputs, "2025-03-v2.csv", DAYS - 1)
    with webhook() as slack:
        blocked = valueops(*run, ALERTS__SLACK__WEBHOOK_URL=slack.url)
    yield Story(
        inputs=inputs,
        home=home,
        empty=empty,
        loaded=loaded,
        blocked=blocked,
        told=slack,
        digest_loaded=digest_loaded,
        digest_blocked=digest(home / "warehouse.duckdb"),
        forecasts_loaded=forecasts,
        old_reader_days=old_reader_days,
    )


def ask(story: Story, query: str) -> list[dict[str, str]]:
    done = valueops("sql", "--home", story.home, query, "--format", "json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_empty_inputs_publish_an_empty_warehouse(story: Story) -> None:
    assert story.empty.returncode == 0
    assert "no billing yet" in story.empty.stdout
    assert story.empty.stderr == ""


def test_deliveries_are_published_to_the_cent(story: Story) -> None:
    assert story.loaded.returncode == 0, story.loaded.stdout + story.loaded.stderr
    rows = ask(
        story,
        "select model_name, sum(effective_cost_usd) as usd from fct_model_cost_daily group by all",
    )
    money = {row["model_name"]: Decimal(row["usd"]) for row in rows}
    assert money == {"chat": Decimal("40.40"), "unattributed": Decimal("1.60")}


def test_the_summary_says_what_was_loaded_and_what_to_do(story: Story) -> None:
    lines = [line.split() for line in story.loaded.stdout.splitlines()]
    assert ["billing", "1", "8", "2"] in lines
    assert "Spend        42.00 USD effective, 2025-03-01 to 2025-03-04" in story.loaded.stdout
    assert "Unattributed 3.8% (1.60 USD)" in story.loaded.stdout
    assert "2 rows were quarantined" in story.loaded.stdout
    assert "valueops sql --home" in story.loaded.stdout
    assert "Traceback" not in story.loaded.stdout + story.loaded.stderr


def test_quarantine_and_ledger_are_published(story: Story) -> None:
    rows = ask(story, "select file, row_number, column_name from quarantine order by row_number")
    assert [(row["row_number"], row["column_name"]) for row in rows] == [
        (9, "BilledCost"),
        (10, "BilledCost"),
    ]
    assert {row["file"] for row in rows} == {"billing/2025-03-v1.csv"}


def test_demand_is_forecast(story: Story) -> None:
    rows = ask(story, "select distinct unique_id, measure from gpu_demand_forecast order by all")
    assert {row["measure"] for row in rows} == {"requests", "tokens"}
    assert "chat/v1/web/api" in {row["unique_id"] for row in rows}


def test_an_old_reader_keeps_its_old_warehouse(story: Story) -> None:
    assert story.old_reader_days == 0


def test_a_delivery_that_lost_a_day_blocks_and_the_old_warehouse_stands(story: Story) -> None:
    assert story.blocked.returncode == 2, story.blocked.stdout + story.blocked.stderr
    said = story.blocked.stdout
    assert "blocked: assert_deliveries_cover_their_period" in said
    assert "2025-03-v1.csv" in said and "2025-03-v2.csv" in said
    assert "10.50 USD" in said
    assert "stands as it was" in said
    assert story.digest_blocked == story.digest_loaded


def test_a_blocked_refresh_is_told_with_the_money_and_without_the_secret(story: Story) -> None:
    title = story.told.titles[0]
    assert title == "Publication blocked: assert_deliveries_cover_their_period"
    assert "10.50 USD" in json.dumps(story.told.accepted[0])
    assert f"{len(story.told.accepted)} message" in story.blocked.stdout
    secret = story.told.url.rpartition("/")[2]
    files = [path for path in story.home.rglob("*") if path.is_file()]
    assert not [path for path in files if secret.encode() in path.read_bytes()]
    assert secret not in story.blocked.stdout + story.blocked.stderr


def test_chatter_goes_to_the_log(story: Story) -> None:
    assert "Running with dbt" not in story.loaded.stdout
    logs = "".join(path.read_text() for path in (story.home / "logs").glob("refresh-*.log"))
    assert "Running with dbt" in logs
    assert "STEP_SUCCESS" in logs


def test_an_unchanged_forecast_is_not_made_again(story: Story) -> None:
    """The blocked refresh stops before; the next one has the same demand."""
    (story.inputs / "billing" / "2025-03-v2.csv").unlink()
    write_billing(story.inputs, "2025-03-v3.csv", DAYS)
    done = valueops("refresh", "--inputs", story.inputs, "--home", story.home)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "unchanged: same demand and same code" in done.stdout
    forecasts = list((story.home / "lake" / "demand_forecasts").glob("*.parquet"))
    assert len(forecasts) == story.forecasts_loaded


def test_doctor_knows_the_home(story: Story) -> None:
    done = valueops("doctor", "--inputs", story.inputs, "--home", story.home)
    assert "gpu_metrics" in done.stdout and "no folder, its marts stay empty" in done.stdout
    assert "billing up to 2025-03-04" in done.stdout


def test_report_renders_again(story: Story) -> None:
    report = story.home / "reports" / "capacity.html"
    report.unlink()
    done = valueops("report", "--home", story.home)
    assert done.returncode == 0, done.stderr
    assert report.exists()


def test_compaction_removes_what_no_longer_counts_and_causes_no_work(story: Story) -> None:
    """Of March v1, v2 and v3 came: v3 counts, v2 is what it replaced, v1 may go."""
    published = digest(story.home / "warehouse.duckdb")
    in_three_days = datetime.now(UTC) + timedelta(days=3)
    said = list(Compaction(HomePaths.at(story.home), keep_days=1).run(in_three_days))
    (billing,) = [line for line in said if line.startswith("billing:")]
    assert billing.endswith("; 8 superseded rows removed")
    done = valueops("refresh", "--inputs", story.inputs, "--home", story.home)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "nothing new: as published stands" in done.stdout
    assert digest(story.home / "warehouse.duckdb") == published

"""What a user meets who delivers broken files: a line per file, the good money published."""

import gzip
import hashlib
import subprocess
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from small_deliveries import write_billing
from valueops_command import valueops

BROKEN = ("empty.csv", "no-cost.csv", "picture.csv", "torn.parquet")


NEVER_CLOSED = "a quoted value is never closed"
CUT = "the compressed data ends too early"


@dataclass(frozen=True)
class Animal:
    """A bad file and what the ledger says of it: rows loaded, rows quarantined, its message."""

    content: bytes
    loaded: int
    quarantined: int
    message: str | None = None


KPIS = "date,feature,variant,exposures,conversions,revenue\n"
CALLS = "timestamp,gen_ai.request.model,gen_ai.usage.input_tokens\n"
JOBS = "JobID|JobName|Submit|Start|End|State\n"
ZOO = {
    "product_kpis/values.csv": Animal(
        (
            KPIS + "2025-03-01,search,control,10,1,1.50\n"
            "2025-02-30,search,control,10,1,1.50\n"
            "2025-03-01,search,blue,10,1,1.50\n"
            "2025-03-01,search,control,1,10,1.50\n"
            "2025-03-01,search,control,10,1,1e400\n"
            "2025-03-01,search,control,10,1,NaN\n"
            "2025-03-01,search,control,10\n"
        ).encode(),
        loaded=1,
        quarantined=6,
    ),
    "product_kpis/latin.csv": Animal(
        (KPIS + "2025-03-01,café,control,10,1,1\n2025-03-01,chat,control,10,1,1\n").encode(
            "latin-1"
        ),
        loaded=1,
        quarantined=1,
    ),
    "product_kpis/wide.csv": Animal(
        KPIS.encode("utf-16"), loaded=0, quarantined=1, message="the file is not UTF-8 text"
    ),
    "product_kpis/open.csv": Animal(
        (KPIS + '2025-03-01,rank,control,10,1,1\n2025-03-01,"rank,control,10,1,1\n').encode(),
        loaded=1,
        quarantined=2,
        message=NEVER_CLOSED,
    ),
    "llm_requests/lines.jsonl": Animal(
        b'null\n{"timestamp": "2025-03-01T00:00:00Z", "gen_ai.request.model": "gpt-x"}\n[]\n'
        b'{"timestamp": 1740787200, "gen_ai.request.model": "gpt-x"}\n',
        loaded=1,
        quarantined=3,
    ),
    "llm_requests/cut.csv.gz": Animal(
        gzip.compress((CALLS + "2025-03-01,gpt-x,5\n").encode())[:-8],
        loaded=0,
        quarantined=1,
        message=CUT,
    ),
    "gpu_jobs/jobs.txt": Animal(
        (
            JOBS + "1|train|2025-03-01T00:00:00|Unknown|Unknown|PENDING\n"
            "2|a|b|2025-03-01T00:00:00|Unknown|Unknown|PENDING\n"
            "3|train|Unknown|||PENDING\n"
        ).encode(),
        loaded=1,
        quarantined=2,
    ),
}


def write_zoo(inputs: Path) -> None:
    for name, animal in ZOO.items():
        path = inputs / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(animal.content)


@dataclass(frozen=True)
class Story:
    home: Path
    first: subprocess.CompletedProcess[str]
    again: subprocess.CompletedProcess[str]
    is_untouched: bool


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    root = tmp_path_factory.mktemp("broken")
    inputs, home = root / "inputs", root / "home"
    inputs.mkdir()
    write_billing(inputs, "good.csv", 3)
    billing = inputs / "billing"
    good = (billing / "good.csv").read_text()
    (billing / "empty.csv").write_bytes(b"")
    (billing / "no-cost.csv").write_text(good.replace("BilledCost", "SomethingElse"))
    (billing / "picture.csv").write_bytes(
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256))
    )
    (billing / "torn.parquet").write_bytes(b"PAR1 and no more")
    write_zoo(inputs)
    run = ("refresh", "--inputs", inputs, "--home", home)
    first = valueops(*run)
    before = digest(home / "warehouse.duckdb")
    again = valueops(*run)
    return Story(home, first, again, digest(home / "warehouse.duckdb") == before)


def test_the_good_delivery_is_published(story: Story) -> None:
    assert story.first.returncode == 0, story.first.stdout + story.first.stderr
    with duckdb.connect(story.home / "warehouse.duckdb", read_only=True) as warehouse:
        cost, files = warehouse.execute(
            "select sum(billed_cost), (select count(*) from ops.load_ledger where not is_complete) "
            "from marts.fct_model_cost_daily"
        ).fetchone() or (None, None)
    assert cost == Decimal("31.50")
    assert files == len(BROKEN) + len([each for each in ZOO.values() if each.message])


@pytest.mark.parametrize("name", BROKEN)
def test_every_broken_file_is_named_in_a_line_without_a_traceback(story: Story, name: str) -> None:
    lines = [line for line in story.first.stdout.splitlines() if f"billing/{name}" in line]
    assert lines, story.first.stdout
    assert "Traceback" not in story.first.stdout + story.first.stderr


def test_the_missing_column_is_named_as_published(story: Story) -> None:
    assert "BilledCost" in story.first.stdout


def test_a_second_refresh_has_nothing_to_do(story: Story) -> None:
    assert story.again.returncode == 0, story.again.stdout + story.again.stderr
    assert "nothing new" in story.again.stdout
    assert story.is_untouched


@pytest.mark.parametrize("name", ZOO)
def test_the_ledger_counts_each_bad_file_by_hand(story: Story, name: str) -> None:
    animal = ZOO[name]
    with duckdb.connect(story.home / "warehouse.duckdb", read_only=True) as warehouse:
        ledger = warehouse.execute(
            "select rows_read, rows_loaded, rows_quarantined, is_complete, message "
            "from ops.load_ledger where file = ?",
            [name],
        ).fetchall()
        rows = warehouse.execute(
            "select row_number from ops.quarantine where file = ?", [name]
        ).fetchall()
    read = animal.loaded + animal.quarantined
    complete = animal.message is None
    assert ledger == [(read, animal.loaded, animal.quarantined, complete, animal.message)]
    assert len(rows) == animal.quarantined
    assert rows.count((None,)) == (0 if complete else 1)


def test_quarantine_names_row_column_value_and_reason(story: Story) -> None:
    with duckdb.connect(story.home / "warehouse.duckdb", read_only=True) as warehouse:
        rows = warehouse.execute(
            "select row_number, column_name, value, reason from ops.quarantine "
            "where file = 'product_kpis/values.csv' order by row_number"
        ).fetchall()
    too_large = "has more than 12 digits before the decimal point"
    assert rows == [
        (2, "date", "2025-02-30", "is not an ISO 8601 date"),
        (3, "variant", "blue", "is not one of control, treatment"),
        (4, "conversions", "10", "is above exposures"),
        (5, "revenue", "1e400", too_large),
        (6, "revenue", "NaN", "is not a number"),
        (7, None, "2025-03-01,search,control,10", "the row has 4 values, the header 6"),
    ]

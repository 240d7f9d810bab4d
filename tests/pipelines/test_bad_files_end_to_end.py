"""What a user meets who delivers broken files: a line per file, the good money published."""

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
    assert files == len(BROKEN)


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

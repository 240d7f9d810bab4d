"""What the command says when it has nothing to work with, and how fast it says it."""

import resource
import subprocess
import sys
from pathlib import Path

from valueops_command import valueops


def one_line(text: str) -> bool:
    return text.startswith("valueops: ") and text.count("\n") == 1


def test_help_lists_exactly_what_there_is() -> None:
    done = valueops("--help")
    listed = done.stdout.split("Commands:\n")[1].splitlines()
    assert [line.split()[0] for line in listed] == [
        "demo",
        "refresh",
        "close",
        "report",
        "sql",
        "budgets",
        "roles",
        "forecast",
        "plan",
        "gate",
        "explain",
        "compact",
        "doctor",
        "dev",
        "alerts",
        "subscriptions",
    ]


def test_help_needs_less_than_half_a_second_of_work() -> None:
    def work() -> float:
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime

    spent = []
    for _ in range(3):
        before = work()
        valueops("--help")
        spent.append(work() - before)
    assert min(spent) < 0.5


def test_the_command_line_imports_nothing_heavy() -> None:
    heavy = ("dagster", "dbt", "dlt", "duckdb", "pandas", "pyarrow", "prophet")
    code = f"import sys, pipelines.cli; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_missing_inputs_folder(tmp_path: Path) -> None:
    done = valueops("refresh", "--inputs", tmp_path / "nowhere", "--home", tmp_path / "home")
    assert done.returncode == 1
    assert one_line(done.stderr) and "does not exist" in done.stderr
    assert not (tmp_path / "home").exists()


def test_wrong_usage_is_not_a_blocked_warehouse(tmp_path: Path) -> None:
    for arguments in (
        ["refresh", "--bogus"],
        ["nonsense"],
        ["refresh", "--inputs", tmp_path, "--home", tmp_path / "h", "--from", "2025-01-01"],
        ["refresh", "--inputs", tmp_path, "--from", "2025-01-02", "--to", "2025-01-01"],
        ["sql", "--home", tmp_path, "select 1", "--format", "xml"],
    ):
        done = valueops(*arguments)
        assert done.returncode == 1, arguments
        assert one_line(done.stderr), done.stderr


def test_commands_without_a_warehouse_say_so(tmp_path: Path) -> None:
    for arguments in (["sql", "select 1"], ["report"]):
        done = valueops(*arguments, "--home", tmp_path)
        assert done.returncode == 1
        assert one_line(done.stderr) and "valueops refresh" in done.stderr


def test_folders_come_from_the_environment(tmp_path: Path) -> None:
    done = valueops("sql", "select 1", VALUEOPS_HOME=str(tmp_path / "elsewhere"))
    assert str(tmp_path / "elsewhere") in done.stderr


def test_doctor_of_a_bare_folder(tmp_path: Path) -> None:
    done = valueops("doctor", "--inputs", tmp_path, "--home", tmp_path / "home")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "none yet: valueops refresh" in done.stdout
    broken = valueops("doctor", "--inputs", tmp_path / "nowhere", "--home", tmp_path / "home")
    assert broken.returncode == 1
    assert "does not exist" in broken.stdout

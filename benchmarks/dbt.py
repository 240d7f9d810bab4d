"""The project's dbt, run on a lake and a build file of the benchmark's own."""

import sys
from pathlib import Path

from benchmarks.measure import Measured, run

_PROJECT = Path(__file__).parents[1] / "dbt_project"
_DBT = Path(sys.executable).with_name("dbt")


def dbt(*arguments: str, lake: Path, build: Path, target: Path) -> Measured:
    """Run dbt to its end.

    Args:
        arguments: Command and options.
        lake: Where the sources are.
        build: The warehouse's file.
        target: Where dbt writes its own files; its log goes beside it.

    Returns:
        What it took.

    Raises:
        RuntimeError: It failed; the message ends with its last words.
    """
    return run(
        [
            _DBT, *arguments, "--project-dir", _PROJECT, "--profiles-dir", _PROJECT,
            "--target-path", target, "--log-path", target.parent / "logs",
        ],
        env={"VALUEOPS_LAKE": str(lake), "VALUEOPS_BUILD": str(build), "DO_NOT_TRACK": "1"},
    )  # fmt: skip

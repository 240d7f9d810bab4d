"""The dbt project run on a home of its own, in a process of its own."""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipelines.forecasting.sources import SELECTORS

PROJECT = Path(__file__).parents[2] / "dbt_project"
#: A build of everything but what rests on forecasts.
WITHOUT_FORECASTS = ("--exclude", *SELECTORS)


@cache
def _workshop() -> tempfile.TemporaryDirectory[str]:
    """Where dbt keeps what it has parsed, and a link to the home at work; one per process.

    dbt sees every build file under the link's path, since it parses the project again (8 s) where
    its profile is another one. Views live longer than the link: they name the lake itself.
    """
    return tempfile.TemporaryDirectory(prefix="valueops-dbt-")


@dataclass(frozen=True)
class Result:
    """What dbt says of one node."""

    node: str
    status: str
    message: str
    compiled_sql: str

    @property
    def name(self) -> str:
        return self.node.rsplit(".", 1)[-1]


@dataclass(frozen=True)
class DbtHome:
    """A lake, the warehouse built from it, and dbt's own files."""

    home: Path
    #: Where the lake is, if not in the home.
    lake: str | None = None

    @property
    def build(self) -> Path:
        return self.home / "warehouse.duckdb"

    @property
    def target(self) -> Path:
        """What dbt wrote beside the tables; the next run of any home writes over it."""
        return Path(_workshop().name) / "target"

    def run(self, *arguments: str) -> list[Result]:
        """One dbt invocation; what failed is in the results, not an exception.

        Raises:
            AssertionError: dbt ended before it had results, with its last words.
        """
        home, target = Path(_workshop().name) / "home", self.target
        home.unlink(missing_ok=True)
        home.symlink_to(self.home.absolute())
        results = target / "run_results.json"
        results.unlink(missing_ok=True)
        done = subprocess.run(
            [
                Path(sys.executable).with_name("dbt"),
                *arguments,
                "--project-dir",
                PROJECT,
                "--profiles-dir",
                PROJECT,
                "--target-path",
                target,
                "--log-path",
                self.home / "logs",
            ],
            env=os.environ
            | {
                "VALUEOPS_LAKE": self.lake or str(self.home / "lake"),
                "VALUEOPS_BUILD": str(home / self.build.name),
                "DO_NOT_TRACK": "1",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        if not results.exists():
            raise AssertionError(f"dbt {' '.join(arguments)} said:\n{done.stdout[-4000:]}")
        return [
            Result(
                node=result["unique_id"],
                status=result["status"],
                message=result["message"] or "",
                compiled_sql=result.get("compiled_code") or "",
            )
            for result in json.loads(results.read_text())["results"]
            # an exposure is listed, and nothing is done for it
            if result["status"] != "no-op"
        ]

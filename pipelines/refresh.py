"""`valueops refresh`: the whole job in this process, under the home's lock."""

import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from pipelines.causes import in_one_line
from pipelines.errors import UserError
from pipelines.home import HomePaths
from pipelines.lock import refresh_lock
from pipelines.quiet import output_to

if TYPE_CHECKING:
    from pipelines.closes.lake import CloseRequest
    from pipelines.outcome import RunOutcome

# Dagster's name of the step that closes billing periods.
CLOSE_OP = "lake__billing_closes"


@dataclass(frozen=True)
class RefreshRequest:
    """What to refresh.

    Args:
        inputs: The inputs folder.
        paths: The home folder.
        full: Build the whole warehouse again.
        rebuild_from: First UTC day to build again; goes with `rebuild_to`.
        rebuild_to: Last UTC day to build again.
        close: Billing periods to close on the way.
        go_on: Run every step although nothing new has arrived.
        wait_s: Seconds to wait for another refresh of this home to end.
    """

    inputs: Path
    paths: HomePaths
    full: bool = False
    rebuild_from: date | None = None
    rebuild_to: date | None = None
    close: "CloseRequest | None" = None
    go_on: bool = False
    wait_s: float = 0.0

    def check(self) -> None:
        """Finds what cannot work before anything is started.

        Raises:
            UserError: The inputs folder is missing, or the days make no range.
        """
        if not self.inputs.is_dir():
            raise UserError(
                f"inputs folder {self.inputs} does not exist; make it, or write the demo company "
                f"with: valueops demo --out {self.inputs}"
            )
        if (self.rebuild_from is None) != (self.rebuild_to is None):
            raise UserError("--from and --to go together: first and last day to build again")
        if self.rebuild_from and self.rebuild_to and self.rebuild_to < self.rebuild_from:
            raise UserError(f"--to {self.rebuild_to} is before --from {self.rebuild_from}")

    def run_config(self) -> dict[str, object]:
        """The run's configuration, listening logger included."""
        days = {
            "rebuild_from": self.rebuild_from.isoformat() if self.rebuild_from else None,
            "rebuild_to": self.rebuild_to.isoformat() if self.rebuild_to else None,
        }
        config = {"full": self.full, "go_on": self.go_on}
        config |= {name: day for name, day in days.items() if day}
        ops: dict[str, object] = {"warehouse": {"config": config}}
        if self.close:
            ops[CLOSE_OP] = {"config": self.close.run_config()}
        return {"loggers": {"progress": {}}, "ops": ops}


def refresh(request: RefreshRequest) -> int:
    """Runs the job and says what came of it.

    Returns:
        0 published, 2 a blocking check failed and the old warehouse stands, 1 another error.

    Raises:
        UserError: What the user can put right; nothing was changed.
    """
    request.check()
    try:
        request.paths.create()
    except OSError as error:
        raise UserError(f"home folder {request.paths.root} cannot be written: {error}") from error
    with refresh_lock(request.paths.lock, request.wait_s):
        log = request.paths.logs / f"refresh-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.log"
        started = time.monotonic()
        with output_to(log) as console:
            return _refresh_logged(request, console, log, started)


def _refresh_logged(request: RefreshRequest, console: Console, log: Path, started: float) -> int:
    try:
        outcome = _run(request, console, log)
        return _tell(request, console, log, outcome, time.monotonic() - started)
    except KeyboardInterrupt:
        console.print("interrupted; the published warehouse stands as it was", highlight=False)
        return 1
    except UserError:
        raise
    except Exception as error:
        logging.getLogger("valueops").exception("the refresh failed")
        raise UserError(f"{in_one_line(error)} (the whole log is {log})") from error


def _run(request: RefreshRequest, console: Console, log: Path) -> "RunOutcome":
    # Dagster and dbt take seconds to import: the lock and the user's mistakes need neither.
    console.print(f"refreshing {request.paths.root}", highlight=False, soft_wrap=True)
    os.environ["DAGSTER_HOME"] = str(request.paths.dagster)
    import dagster as dg

    from pipelines.progress import Progress
    from pipelines.refresh_run import run_refresh
    from pipelines.stale_runs import close_stale_runs

    with dg.DagsterInstance.get() as instance, _events_in(log), Progress(console):
        close_stale_runs(instance, request.paths)
        return run_refresh(request, instance)


def _tell(
    request: RefreshRequest, console: Console, log: Path, outcome: "RunOutcome", seconds: float
) -> int:
    from pipelines import summary

    if outcome.error:
        published = "the warehouse is published, but " if outcome.published else ""
        raise UserError(f"{published}{outcome.error} (the whole log is {log})")
    if outcome.failed_checks:
        summary.print_blocked(console, request.paths, outcome, log)
        _tell_blocked(request, console, outcome)
    else:
        summary.print_published(console, request.paths, outcome, seconds)
    return outcome.exit_code


def _tell_blocked(request: RefreshRequest, console: Console, outcome: "RunOutcome") -> None:
    """Alerts of the checks that failed; what goes wrong with that is one line."""
    from pipelines.alerts.command import in_words
    from pipelines.alerts.send import after_blocking

    try:
        sent = after_blocking(request.paths, outcome.failed_checks)
    except (UserError, OSError) as error:
        console.print(f"! no alerts were sent: {error}", markup=False, soft_wrap=True)
        return
    lines = [in_words(sent)] if sent.messages else []
    for line in [*lines, *(f"! alerts: {problem}" for problem in sent.problems)]:
        console.print(line, markup=False, highlight=False, soft_wrap=True)


@contextmanager
def _events_in(log: Path) -> Iterator[None]:
    """Writes everything that the run logs to a file."""
    from pipelines.progress import LOGGER_NAME

    handler = logging.FileHandler(log, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logger = logging.getLogger(LOGGER_NAME)
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        handler.close()

"""Live progress of a run in the terminal, from the events that Dagster logs while it happens."""

import logging
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Any

import dagster as dg
from rich.console import Console
from rich.status import Status

# context.log.info(..., extra=NOTICE) prints a line that stays; extra=STATUS shows what a step does.
# Messages of libraries have neither and go to the log only.
NOTICE = {"valueops_notice": True}
STATUS = {"valueops_status": True}
LOGGER_NAME = "valueops.progress"

_TITLES = {
    "lake_books": "check the books",
    "warehouse": "build the warehouse",
    "forecasts": "forecast demand",
    "forecast_marts": "build forecast marts",
    "published_warehouse": "publish",
    "reports": "render reports",
    "alert_messages": "send alerts",
}


def _listened_to(_: dg.InitLoggerContext) -> logging.Logger:
    logger = logging.getLogger(LOGGER_NAME)
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    return logger


# To be named in the run config of a run that shall be watched.
progress_logger = dg.LoggerDefinition(
    _listened_to, description="Hands the run's events to whoever listens in this process."
)


def title_of(step: str) -> str:
    """A step's name in words."""
    return _TITLES.get(step, step.replace("_", " "))


@dataclass
class _Running:
    started: float
    tables: int = 0
    checks: int = 0
    status: str = ""


class Progress(logging.Handler):
    """Listens to one run; a context manager.

    On a terminal the running step shows what it does; elsewhere each finished step is one line.

    Args:
        console: Where to write.
    """

    def __init__(self, console: Console) -> None:
        super().__init__()
        self.console = console
        self.seconds: dict[str, float] = {}
        self._running: dict[str, _Running] = {}
        self._spinner: Status | None = None

    def __enter__(self) -> "Progress":
        logging.getLogger(LOGGER_NAME).addHandler(self)
        if self.console.is_terminal:
            self._spinner = self.console.status("starting")
            self._spinner.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        logging.getLogger(LOGGER_NAME).removeHandler(self)
        if self._spinner:
            self._spinner.stop()

    def emit(self, record: logging.LogRecord) -> None:
        """Turns one log record into a line, a status or nothing; never raises."""
        try:
            event = getattr(record, "dagster_event", None)
            if event is not None:
                self._on_event(event)
            else:
                self._on_message(record)
        except Exception:
            self.handleError(record)

    def _on_event(self, event: dg.DagsterEvent) -> None:
        step = event.step_key
        if step is None:
            return
        kind = event.event_type
        if kind == dg.DagsterEventType.STEP_START:
            self._running[step] = _Running(time.monotonic())
        elif kind == dg.DagsterEventType.ASSET_MATERIALIZATION:
            self._count(step, "tables")
        elif kind == dg.DagsterEventType.ASSET_CHECK_EVALUATION:
            self._count(step, "checks")
        elif kind == dg.DagsterEventType.STEP_UP_FOR_RETRY:
            self.console.print(f"  {title_of(step)}: failed, will be tried again")
        elif kind == dg.DagsterEventType.STEP_SUCCESS:
            self._finish(step, "[green]done[/]")
        elif kind == dg.DagsterEventType.STEP_FAILURE:
            self._finish(step, "[red]failed[/]")
        self._show(step)

    def _count(self, step: str, what: str) -> None:
        running = self._running.get(step)
        if running:
            setattr(running, what, getattr(running, what) + 1)

    def _on_message(self, record: logging.LogRecord) -> None:
        meta: dict[str, Any] = getattr(record, "dagster_meta", None) or {}
        step, text = meta.get("step_key"), meta.get("orig_message", record.getMessage())
        if getattr(record, "valueops_notice", False):
            self.console.print(f"  {text}", markup=False, highlight=False, soft_wrap=True)
        elif step in self._running and getattr(record, "valueops_status", False):
            self._running[step].status = text
            self._show(step)

    def _finish(self, step: str, outcome: str) -> None:
        running = self._running.pop(step, None)
        seconds = time.monotonic() - running.started if running else 0.0
        self.seconds[step] = seconds
        detail = _detail(running) if running else ""
        line = f"  {title_of(step):<24} {outcome} {seconds:6.1f} s  {detail}"
        self.console.print(line.rstrip(), highlight=False, soft_wrap=True)

    def _show(self, step: str) -> None:
        running = self._running.get(step)
        if self._spinner and running:
            self._spinner.update(f"{title_of(step)}  [dim]{_detail(running)}[/]")


def _detail(running: _Running) -> str:
    parts = [running.status] if running.status else []
    if running.tables > 1 or running.checks > 1:
        parts.append(f"{running.tables} tables, {running.checks} checks")
    return "  ".join(parts)

"""What a run came to, read from its Dagster events."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import dagster as dg

from pipelines.dbt_results import FailedCheck
from pipelines.publish import PUBLISHED_KEY

PUBLISHED, BROKEN, BLOCKED = 0, 1, 2


@dataclass(frozen=True)
class SourceCounts:
    """What one lake table got in this run.

    Args:
        table: The lake table.
        files: Files that were new or changed.
        loaded: Rows of them that are in the lake.
        quarantined: Rows of them that broke their contract.
        problems: One line per file that could not be read to its end.
    """

    table: str
    files: int
    loaded: int
    quarantined: int
    problems: tuple[str, ...]


@dataclass(frozen=True)
class RunOutcome:
    """A finished run.

    Args:
        exit_code: 0 published or nothing new, 2 a blocking check failed, 1 anything else.
        error: The one line to show when the exit code is 1.
        failed_checks: The blocking checks that failed.
        sources: Counts per lake table, in the order loaded.
        published: Whether the warehouse was replaced.
    """

    exit_code: int
    error: str | None
    failed_checks: tuple[FailedCheck, ...]
    sources: tuple[SourceCounts, ...]
    published: bool

    @property
    def failed_names(self) -> tuple[str, ...]:
        """Names of the failed checks."""
        return tuple(check.name for check in self.failed_checks)


def read_outcome(result: dg.ExecuteInProcessResult) -> RunOutcome:
    """Sorts a run into published, blocked and broken.

    A step that could not run outweighs a failed check: the check is not the whole story then.
    """
    failures = [event for event in result.all_events if event.is_step_failure]
    checks = failed_checks(result.all_events)
    errors = [error for event in failures if (error := _error(event, bool(checks)))]
    materialized = {
        event.asset_key: event.step_materialization_data.materialization
        for event in result.all_events
        if event.event_type == dg.DagsterEventType.ASSET_MATERIALIZATION and event.asset_key
    }
    published = PUBLISHED_KEY in materialized
    if errors:
        code = BROKEN
    elif checks:
        code = BLOCKED
    elif result.success and (published or not _has_built(materialized)):
        code = PUBLISHED
    else:
        code, errors = BROKEN, ["the run ended without publishing, and no step says why"]
    return RunOutcome(
        exit_code=code,
        error=errors[0] if errors else None,
        failed_checks=checks,
        sources=tuple(_sources(materialized)),
        published=published,
    )


def failed_checks(events: Sequence[dg.DagsterEvent]) -> tuple[FailedCheck, ...]:
    """The blocking checks that failed in a run, however it was started."""
    failures = [event for event in events if event.is_step_failure]
    checks = tuple(check for event in failures for check in _failed_checks(event))
    return checks + tuple(_failed_asset_checks(events, {check.name for check in checks}))


def _has_built(materialized: Mapping[dg.AssetKey, object]) -> bool:
    return any(key.path[0] == "marts" for key in materialized)


def _failed_checks(event: dg.DagsterEvent) -> list[FailedCheck]:
    return [FailedCheck.from_dict(check) for check in _failure_metadata(event, "failed_checks")]


def _failed_asset_checks(events: Sequence[dg.DagsterEvent], known: set[str]) -> list[FailedCheck]:
    evaluations = (
        event.asset_check_evaluation_data
        for event in events
        if event.event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION
    )
    return [
        FailedCheck(
            evaluation.check_name,
            evaluation.asset_key.to_user_string(),
            tuple(_json(evaluation.metadata.get("rows"))),
        )
        for evaluation in evaluations
        if not evaluation.passed
        and evaluation.blocking
        and evaluation.severity == dg.AssetCheckSeverity.ERROR
        and evaluation.check_name not in known
    ]


def _error(event: dg.DagsterEvent, checks_failed: bool) -> str | None:
    """One line of why a step failed, or None where a failed check is the reason."""
    data = event.step_failure_data
    if data.user_failure_data is not None:
        if _failure_metadata(event, "failed_checks") and not _failure_metadata(event, "errors"):
            return None
        return _first_line(data.user_failure_data.description)
    if data.error is None:
        return f"{event.step_key} failed"
    if checks_failed and "DagsterAssetCheckFailedError" in (data.error.cls_name or ""):
        return None
    innermost = data.error
    while innermost.cause is not None:
        innermost = innermost.cause
    return f"{event.step_key}: {_first_line(innermost.message)}"


def _failure_metadata(event: dg.DagsterEvent, name: str) -> list[Any]:
    data = event.step_failure_data.user_failure_data
    return _json(data.metadata.get(name)) if data else []


def _json(value: Any) -> list[Any]:
    return list(value.data or []) if isinstance(value, dg.JsonMetadataValue) else []


def _sources(materialized: dict[dg.AssetKey, Any]) -> list[SourceCounts]:
    return [
        SourceCounts(
            table=key.path[-1],
            files=event.metadata["files"].value,
            loaded=event.metadata["loaded"].value,
            quarantined=event.metadata["quarantined"].value,
            problems=tuple(_json(event.metadata["problems"])),
        )
        for key, event in materialized.items()
        if {"files", "loaded", "problems"} <= set(event.metadata)
    ]


def _first_line(text: str | None) -> str:
    lines = (line.strip() for line in (text or "").splitlines())
    return next((line for line in lines if line), "failed without a message")

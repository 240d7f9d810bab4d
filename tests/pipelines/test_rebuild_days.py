"""A backfill of days is one run, whatever its range."""

from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from pipelines import rebuild_assets
from pipelines.dbt_results import FailedCheck
from pipelines.outcome import RunOutcome
from pipelines.rebuild_assets import REBUILT_KEY, rebuilt_days
from pipelines.refresh import RefreshRequest
from pipelines.resources import HomeResource

RANGE = {
    "dagster/asset_partition_range_start": "2026-05-30",
    "dagster/asset_partition_range_end": "2026-06-02",
}


class Refreshes:
    """In place of refreshes: what they were asked for."""

    def __init__(self, *outcomes: RunOutcome) -> None:
        self.asked: list[RefreshRequest] = []
        self.tags: list[Any] = []
        self._outcomes = iter(outcomes)

    def __call__(self, request: RefreshRequest, _: object, tags: Any) -> RunOutcome:
        self.asked.append(request)
        self.tags.append(tags)
        return next(self._outcomes)


def outcome(exit_code: int = 0, error: str | None = None, *checks: FailedCheck) -> RunOutcome:
    return RunOutcome(exit_code, error, checks, (), exit_code == 0)


def run(home: Path, monkeypatch: pytest.MonkeyPatch, done: RunOutcome, **run_options: Any):
    refreshes = Refreshes(done)
    monkeypatch.setattr(rebuild_assets, "run_refresh", refreshes)
    with dg.DagsterInstance.ephemeral() as instance:
        result = dg.materialize(
            [rebuilt_days],
            instance=instance,
            resources={"home": HomeResource(inputs=str(home), home=str(home))},
            raise_on_error=False,
            **run_options,
        )
        days = instance.get_materialized_partitions(REBUILT_KEY)
    return refreshes, result, days


def test_a_range_is_one_refresh_of_its_days(tmp_path, monkeypatch) -> None:
    refreshes, result, days = run(tmp_path, monkeypatch, outcome(), tags=RANGE)
    assert result.success
    (asked,) = refreshes.asked
    assert (str(asked.rebuild_from), str(asked.rebuild_to)) == ("2026-05-30", "2026-06-02")
    asked.check()
    assert asked.run_config()["ops"]["warehouse"]["config"]["rebuild_to"] == "2026-06-02"
    assert days == {"2026-05-30", "2026-05-31", "2026-06-01", "2026-06-02"}
    assert refreshes.tags[0]["valueops/rebuild"] == "2026-05-30..2026-06-02"


def test_a_single_day_too(tmp_path, monkeypatch) -> None:
    refreshes, result, days = run(tmp_path, monkeypatch, outcome(), partition_key="2026-06-02")
    assert result.success and days == {"2026-06-02"}
    (asked,) = refreshes.asked
    assert asked.rebuild_from == asked.rebuild_to


@pytest.mark.parametrize(
    ("done", "says"),
    [
        (outcome(1, "warehouse: the disk is full"), "warehouse: the disk is full"),
        (outcome(2, None, FailedCheck("cost_is_conserved", "marts/x", ())), "cost_is_conserved"),
    ],
)
def test_days_that_were_not_published_stay_missing(tmp_path, monkeypatch, done, says) -> None:
    _, result, days = run(tmp_path, monkeypatch, done, tags=RANGE)
    assert not result.success and days == set()
    (failure,) = [event for event in result.all_events if event.is_step_failure]
    assert says in failure.step_failure_data.user_failure_data.description


def test_a_backfill_asks_for_one_run() -> None:
    policy = rebuilt_days.backfill_policy
    assert policy and policy.max_partitions_per_run is None

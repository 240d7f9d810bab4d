"""Which errors are tried again, and how a failed load reads."""

from pathlib import Path

import dagster as dg
import pytest

from ingestion.errors import InputError
from ingestion.load import FileOutcome, LoadSummary
from pipelines import ingestion_assets
from pipelines.ingestion_assets import system_assets
from pipelines.outcome import BROKEN, read_outcome
from pipelines.resources import HomeResource


def run(
    system: str, home: Path, load: object, monkeypatch: pytest.MonkeyPatch
) -> dg.ExecuteInProcessResult:
    monkeypatch.setattr(ingestion_assets, "load_system", load)
    monkeypatch.setattr(ingestion_assets, "_RETRIES", dg.RetryPolicy(max_retries=3, delay=0))
    return dg.materialize(
        [system_assets(system)],
        resources={"home": HomeResource(inputs=str(home), home=str(home))},
        raise_on_error=False,
    )


def attempts_until(error: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    calls = []

    def load(*_: object, **__: object) -> LoadSummary:
        calls.append(1)
        raise error

    result = run("billing", tmp_path, load, monkeypatch)
    assert not result.success
    outcome = read_outcome(result)
    assert outcome.exit_code == BROKEN
    assert outcome.error and str(error) in outcome.error
    return len(calls)


def test_what_may_pass_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert attempts_until(ConnectionResetError("peer went away"), tmp_path, monkeypatch) == 4


def test_what_a_user_must_fix_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert attempts_until(InputError("billing is a file"), tmp_path, monkeypatch) == 1


def test_a_fault_of_ours_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert attempts_until(ValueError("a bug"), tmp_path, monkeypatch) == 1


def test_counts_are_kept_per_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = (
        FileOutcome("prices", "prices/a.csv", "a.csv", 5, 4, 1, True, None),
        FileOutcome("gpu_prices", "prices/gpu_prices.csv", "x", 3, 0, 3, False, "cut off"),
        FileOutcome("prices", "prices/b.csv", "b.csv", 2, 2, 0, True, None),
    )

    def load(*_: object, **__: object) -> LoadSummary:
        return LoadSummary("prices", "1.0", files, 10, 6, 4, 0, 0)

    outcome = read_outcome(run("prices", tmp_path, load, monkeypatch))
    prices, gpu_prices = outcome.sources
    assert (prices.table, prices.files, prices.loaded, prices.quarantined) == ("prices", 2, 6, 1)
    assert (gpu_prices.table, gpu_prices.loaded, gpu_prices.quarantined) == ("gpu_prices", 0, 3)
    assert gpu_prices.problems == ("prices/gpu_prices.csv: cut off",)

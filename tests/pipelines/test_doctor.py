from datetime import datetime, timedelta
from pathlib import Path

from small_deliveries import write_billing

from ingestion.lake import Lake
from ingestion.load import load_system
from pipelines.doctor import SourceState, note_of, source_state

NOW = datetime(2025, 3, 20)


def state(
    system: str, newest: datetime | None, files: int | None = 1, waiting: int = 0
) -> SourceState:
    return SourceState(system, files, waiting, 10, 0, (), newest)


def test_a_source_that_lags_is_stale() -> None:
    ahead = state("billing", NOW)
    behind = state("gpu_metrics", NOW - timedelta(days=5))
    registry = state("model_registry", NOW - timedelta(days=90))
    everything = [ahead, behind, registry]
    assert note_of(ahead, everything) == ""
    assert note_of(behind, everything) == "stale: 5 days behind the newest source"
    assert note_of(registry, everything) == ""
    assert note_of(state("gpu_metrics", NOW - timedelta(days=3)), everything) == ""


def test_what_is_missing_and_what_is_waiting() -> None:
    assert "no folder" in note_of(state("billing", None, files=None), [])
    assert "no files" in note_of(state("billing", None, files=0), [])
    assert "2 new: valueops refresh" in note_of(state("billing", None, waiting=2), [])


def test_files_wait_until_they_are_loaded(tmp_path: Path) -> None:
    inputs, home = tmp_path / "inputs", tmp_path / "home"
    write_billing(inputs, "a.csv", days=2, bad_rows=1)
    before = source_state("billing", inputs, Lake(home).ledger(), {})
    assert (before.files, before.waiting, before.rows) == (1, 1, 0)

    load_system("billing", inputs, home)
    loaded = source_state("billing", inputs, Lake(home).ledger(), {"billing": NOW})
    assert (loaded.files, loaded.waiting) == (1, 0)
    assert (loaded.rows, loaded.quarantined, loaded.newest) == (4, 1, NOW)

    write_billing(inputs, "a.csv", days=3)
    changed = source_state("billing", inputs, Lake(home).ledger(), {})
    assert changed.waiting == 1
    assert source_state("gpu_metrics", inputs, Lake(home).ledger(), {}).files is None

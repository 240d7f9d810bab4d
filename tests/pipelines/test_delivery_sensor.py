"""What arrives starts one refresh, once it is at rest: ticks as the daemon evaluates them."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import dagster as dg
import pytest

from pipelines.delivery_sensor import folder_fingerprint, new_deliveries

Tick = Callable[[], str | None]


@pytest.fixture
def inputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "inputs"
    (folder / "billing").mkdir(parents=True)
    monkeypatch.setenv("VALUEOPS_INPUTS", str(folder))
    return folder


@pytest.fixture
def tick(inputs: Path) -> Iterator[Tick]:
    """Evaluates one tick; the run key it asks for, None where it skips."""
    with dg.DagsterInstance.ephemeral() as instance:
        cursor: list[str | None] = [None]

        def once() -> str | None:
            context = dg.build_sensor_context(instance=instance, cursor=cursor[0])
            done = new_deliveries.evaluate_tick(context)
            cursor[0] = done.cursor
            if done.run_requests:
                (request,) = done.run_requests
                return request.run_key
            assert done.skip_message
            return None

        yield once


def deliver(inputs: Path, name: str, text: str = "x") -> Path:
    path = inputs / "billing" / name
    path.write_text(text)
    return path


def test_a_delivery_at_rest_starts_one_refresh(inputs: Path, tick: Tick) -> None:
    deliver(inputs, "2026-05.csv")
    assert tick() is None
    assert tick() is not None
    assert [tick(), tick()] == [None, None]


def test_a_file_that_still_grows_waits(inputs: Path, tick: Tick) -> None:
    for size in range(1, 4):
        deliver(inputs, "2026-05.csv", "x" * size)
        assert tick() is None
    assert tick() is not None


def test_a_file_replaced_by_one_of_the_same_size_is_news(inputs: Path, tick: Tick) -> None:
    path = deliver(inputs, "2026-05.csv", "aaaa")
    first = [tick(), tick()][1]
    deliver(inputs, "2026-05.csv", "bbbb")
    os.utime(path, ns=(0, path.stat().st_mtime_ns + 1_000_000))
    assert tick() is None
    second = tick()
    assert second is not None and second != first


def test_what_comes_back_runs_again_under_another_key(inputs: Path, tick: Tick) -> None:
    path = deliver(inputs, "2026-05.csv")
    times = (path.stat().st_atime_ns, path.stat().st_mtime_ns)
    keys = [tick(), tick()]
    path.rename(inputs / "kept")
    keys += [tick(), tick()]
    (inputs / "kept").rename(path)
    os.utime(path, ns=times)
    keys += [tick(), tick()]
    started = [key for key in keys if key]
    assert len(started) == len(set(started)) == 3


def test_a_repeated_look_has_the_same_key(inputs: Path) -> None:
    """A daemon that dies after the run was started and before it has noted that looks again."""
    deliver(inputs, "2026-05.csv")
    first = new_deliveries.evaluate_tick(dg.build_sensor_context())
    again = [
        new_deliveries.evaluate_tick(dg.build_sensor_context(cursor=first.cursor)) for _ in range(2)
    ]
    keys = {request.run_key for done in again for request in done.run_requests or ()}
    assert len(keys) == 1
    assert [len(done.run_requests or ()) for done in again] == [1, 1]


def test_notes_beside_the_data_are_no_delivery(inputs: Path) -> None:
    before = folder_fingerprint(inputs)
    deliver(inputs, "README.md")
    assert folder_fingerprint(inputs) == before
    deliver(inputs, "2026-05.csv")
    assert folder_fingerprint(inputs) != before


def test_a_missing_folder_is_said_and_starts_nothing(
    tick: Tick, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VALUEOPS_INPUTS", "/nowhere")
    done = new_deliveries.evaluate_tick(dg.build_sensor_context())
    assert done.skip_message == "the inputs folder /nowhere does not exist"
    assert not done.run_requests


def test_it_starts_stopped_and_runs_the_refresh() -> None:
    assert new_deliveries.default_status is dg.DefaultSensorStatus.STOPPED
    assert new_deliveries.job_name == "refresh"

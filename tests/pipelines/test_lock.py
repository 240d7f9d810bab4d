import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from valueops_command import valueops

from pipelines.errors import HomeLockedError
from pipelines.lock import refresh_lock

HOLD = """
import sys, pathlib
from pipelines.lock import refresh_lock
with refresh_lock(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def holder(lock: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(lock)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_refresh_names_the_process_that_runs(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    process = holder(home / ".lock")
    try:
        done = valueops("refresh", "--inputs", tmp_path, "--home", home)
        assert done.returncode == 1
        assert done.stderr.count("\n") == 1
        assert f"process {process.pid}" in done.stderr
    finally:
        process.communicate()


def test_a_killed_holder_leaves_no_lock(tmp_path: Path) -> None:
    process = holder(tmp_path / ".lock")
    process.kill()
    process.communicate()
    with refresh_lock(tmp_path / ".lock"):
        assert (tmp_path / ".lock").read_text() == f"{os.getpid()}\n"


def test_the_process_that_holds_it_may_ask_again(tmp_path: Path) -> None:
    lock = tmp_path / ".lock"
    with refresh_lock(lock):
        with refresh_lock(lock):
            pass
        # The inner one must not have let go.
        taken = subprocess.run(
            [sys.executable, "-c", HOLD, str(lock)], input="", capture_output=True, check=False
        )
        assert taken.returncode != 0
        assert b"HomeLockedError" in taken.stderr
    process = holder(lock)
    with pytest.raises(HomeLockedError, match=str(process.pid)), refresh_lock(lock):
        pass
    process.communicate()


def test_it_is_waited_for_so_long_and_no_longer(tmp_path: Path) -> None:
    process = holder(tmp_path / ".lock")
    started = time.monotonic()
    with (
        pytest.raises(HomeLockedError, match=rf"process {process.pid} \(still, after 0.7 s\)"),
        refresh_lock(tmp_path / ".lock", wait_s=0.7),
    ):
        pass
    assert 0.7 <= time.monotonic() - started < 5
    process.communicate()


def test_who_waits_gets_it_when_the_holder_ends(tmp_path: Path) -> None:
    process = holder(tmp_path / ".lock")
    waiter = subprocess.Popen(
        [sys.executable, "-c", HOLD.replace("[1])", "[1]), wait_s=30"), str(tmp_path / ".lock")],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    time.sleep(1)
    assert waiter.poll() is None
    process.communicate()
    assert waiter.communicate(timeout=20)[0] == "held\n"
    assert waiter.returncode == 0

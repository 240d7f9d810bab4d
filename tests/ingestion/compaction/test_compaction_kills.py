"""A kill between any two steps: the next one who opens the lake finds the old files or the new."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from lakes import LOADS, names, seen, write_lake, write_loads

from ingestion.compaction import Superseded, compact, recover
from ingestion.errors import InputError
from ingestion.lake import Lake

REMOVED = {"billing": Superseded(versions=frozenset(("billing/a.csv", load) for load in LOADS[:4]))}


class Killed(BaseException):
    """Not an Exception: nobody cleans up after a kill."""


class KillAt:
    """Ends the process, as far as it can tell, before the step of this number."""

    def __init__(self, number: int) -> None:
        self.left = number
        self.steps: list[str] = []

    def __call__(self, step: str) -> None:
        self.steps.append(step)
        self.left -= 1
        if self.left < 0:
            raise Killed(step)


@pytest.fixture(scope="module")
def lake(tmp_path_factory) -> Path:
    home = write_lake(tmp_path_factory.mktemp("kills") / "home")
    # so many that they are merged as well
    write_loads(home, [f"{1_600_000_000 + number}.25" for number in range(20)])
    return home


def run_killed(home: Path, number: int) -> KillAt:
    kill = KillAt(number)
    with pytest.raises(Killed):
        list(compact(home, REMOVED, on_step=kill))
    return kill


def all_steps(lake: Path, tmp_path: Path) -> tuple[list[str], list[str]]:
    """The steps of a compaction that nobody kills, and what is seen afterwards."""
    whole = tmp_path / "whole"
    shutil.copytree(lake, whole)
    never = KillAt(10**6)
    list(compact(whole, REMOVED, on_step=never))
    return never.steps, seen(whole)


def test_a_kill_between_any_two_steps_leaves_old_or_new(lake, tmp_path):
    steps, after = all_steps(lake, tmp_path)
    before, loads = seen(lake), Lake(lake).complete_loads()
    assert len(before) == 24 and len(after) == 24 - 12
    assert steps.count("write the journal") == 2
    found = set()
    for number in range(len(steps)):
        home = tmp_path / str(number)
        shutil.copytree(lake, home)
        run_killed(home, number)
        recover(home)
        now = seen(home)
        assert now in (before, after), steps[number]
        assert Lake(home).complete_loads() == loads, steps[number]
        found.add(len(now))
        assert not [name for name in names(home) if "staged" in name], steps[number]
        # and whoever goes on comes to the same end
        list(compact(home, REMOVED))
        assert seen(home) == after, steps[number]
    assert found == {len(before), len(after)}


def test_a_recovery_that_is_killed_is_itself_recovered(lake, tmp_path):
    steps, after = all_steps(lake, tmp_path)
    number = steps.index("let the new file count")
    ended = False
    for second in range(20):
        home = tmp_path / str(second)
        shutil.copytree(lake, home)
        run_killed(home, number)
        kill = KillAt(second)
        try:
            recover(home, kill)
            ended = True
        except Killed:
            recover(home)
        assert seen(home) == after
        assert not (home / ".compaction.json").exists()
        if ended:
            break
    assert ended and second > 3


def test_before_the_journal_counts_a_kill_changes_nothing(lake, tmp_path):
    home = tmp_path / "home"
    shutil.copytree(lake, home)
    steps, _ = all_steps(lake, tmp_path)
    run_killed(home, steps.index("let the journal count"))
    # also before anybody recovers, readers see the old files alone
    assert seen(home) == seen(lake)


def test_the_next_load_ends_what_a_killed_compaction_began(place):
    for number in range(3):
        place.write(f"roles/{number}.csv", f"role,team\nr{number},t\n")
        place.load("roles")
    kept = seen(place.home, "roles")
    for number in range(100):
        try:
            list(compact(place.home, on_step=KillAt(number)))
        except Killed as killed:
            if str(killed) == "let the new file count":
                break
    assert place.load("roles").load_id is None
    assert seen(place.home, "roles") == kept
    assert not (place.home / ".compaction.json").exists()


def test_a_journal_without_its_file_touches_nothing(lake, tmp_path):
    home = tmp_path / "home"
    shutil.copytree(lake, home)
    steps, _ = all_steps(lake, tmp_path)
    kill = run_killed(home, steps.index("write the journal") + 2)
    assert kill.steps[-1].startswith("remove ")
    for path in (home / "lake" / "billing").glob(".*.staged"):
        path.unlink()
    before = names(home)
    with pytest.raises(InputError, match="put the lake's folder billing back from a backup"):
        recover(home)
    assert names(home) == before


def test_a_real_kill_is_no_different(lake, tmp_path):
    home = tmp_path / "home"
    shutil.copytree(lake, home)
    script = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from ingestion.compaction import Superseded, compact\n"
        "def die(step):\n"
        "    if step == 'let the new file count':\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "removed = {'billing': Superseded(loads=frozenset([sys.argv[2]]))}\n"
        "list(compact(Path(sys.argv[1]), removed, on_step=die))\n"
    )
    root = Path(__file__).parents[3]
    command = [sys.executable, "-c", script, home, LOADS[0]]
    done = subprocess.run(command, env=os.environ | {"PYTHONPATH": str(root)}, check=False)
    assert done.returncode == -signal.SIGKILL
    recover(home)
    assert seen(home) == [row for row in seen(lake) if LOADS[0] not in row]

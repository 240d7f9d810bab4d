"""Chatter goes to the log; a reader that goes away stops nobody."""

import subprocess
import sys
from pathlib import Path

CODE = """
import os, subprocess, sys, time
from pathlib import Path
from pipelines.quiet import output_to

with output_to(Path(sys.argv[1])) as console:
    print("from python")
    subprocess.run(["echo", "from a child"], check=True)
    os.write(2, b"from below\\n")
    console.print("for the user")
    if len(sys.argv) > 2:
        sys.stdin.readline()
        for _ in range(3):
            console.print("nobody reads this")
        Path(sys.argv[2]).write_text("finished")
"""


def test_only_the_console_reaches_the_terminal(tmp_path: Path) -> None:
    log = tmp_path / "log"
    done = subprocess.run([sys.executable, "-c", CODE, log], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "for the user\n"
    assert done.stderr == ""
    assert set(log.read_text().splitlines()) == {"from python", "from a child", "from below"}


def test_a_reader_that_leaves_does_not_end_the_work(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", CODE, tmp_path / "log", tmp_path / "finished"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin and process.stdout
    assert process.stdout.readline() == "for the user\n"
    process.stdout.close()
    process.stdin.write("go on\n")
    process.stdin.close()
    assert process.wait(timeout=60) == 0
    assert (tmp_path / "finished").read_text() == "finished"

"""The systemd units: confined, on the loopback, and taken by systemd itself."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from dagster_server import DEPLOY

UNITS = sorted((DEPLOY / "systemd").glob("*.service"))


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.stem)
def test_units_are_confined_and_listen_on_the_loopback(unit: Path):
    lines = unit.read_text().splitlines()
    for setting in ("NoNewPrivileges=yes", "ProtectSystem=strict", "ProtectHome=yes"):
        assert setting in lines
    (start,) = [line for line in lines if line.startswith("ExecStart=")]
    if "dagster" in start:
        assert "Restart=always" in lines
    if "--port" in start:
        assert "--host 127.0.0.1" in start


def test_systemd_takes_the_units(tmp_path: Path):
    assert len(UNITS) == 4
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        # A machine without systemd: the units are still read above.
        return
    program = tmp_path / "program"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    for unit in (DEPLOY / "systemd").glob("valueops*.[st]*"):
        text = re.sub(r"/opt/valueops/\.venv/bin/\S+", str(program), unit.read_text())
        (tmp_path / unit.name).write_text(text)
    units = sorted(tmp_path.glob("valueops*"))
    done = subprocess.run(
        [analyze, "verify", *units], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")

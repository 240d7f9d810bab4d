"""What `valueops dev` starts listens on this machine alone."""

import os
import sys
from pathlib import Path

import pytest

from pipelines.cli import dev


def test_the_web_server_binds_loopback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[tuple[str, list[str]]] = []
    monkeypatch.setattr(os, "execve", lambda path, command, env: started.append((path, command)))
    dev(inputs=tmp_path / "inputs", home=tmp_path / "home")
    ((path, command),) = started
    assert path == sys.executable
    assert command[1:4] == ["-m", "dagster", "dev"]
    assert command[command.index("-h") + 1] == "127.0.0.1"
    assert command.count("-h") == 1 and "--host" not in command

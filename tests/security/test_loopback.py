"""What `valueops dev` starts listens on this machine alone."""

import os
import sys
from pathlib import Path

import pytest
import yaml

from pipelines.cli.running import dev

DEPLOY = Path(__file__).parents[2] / "deploy"


def test_the_web_server_binds_loopback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[tuple[str, list[str]]] = []
    monkeypatch.setattr(os, "execve", lambda path, command, env: started.append((path, command)))
    dev(inputs=tmp_path / "inputs", home=tmp_path / "home")
    ((path, command),) = started
    assert path == sys.executable
    assert command[1:4] == ["-m", "dagster", "dev"]
    assert command[command.index("-h") + 1] == "127.0.0.1"
    assert command.count("-h") == 1 and "--host" not in command


def test_deployments_open_no_port_to_others() -> None:
    """A container listens to its network; what it publishes, it publishes on this machine."""
    compose = yaml.safe_load((DEPLOY / "compose/compose.yaml").read_text(encoding="utf-8"))
    published = [port for s in compose["services"].values() for port in s.get("ports", [])]
    assert published and all(str(port).startswith("127.0.0.1:") for port in published)
    units = [path.read_text(encoding="utf-8") for path in (DEPLOY / "systemd").glob("*.service")]
    hosts = [line for unit in units for line in unit.splitlines() if "--host" in line]
    assert hosts and all("--host 127.0.0.1" in line for line in hosts)

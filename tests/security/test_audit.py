"""The audit of the lock, against a vulnerability service on this machine."""

import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / ".ci/audit.py"
FLAW = {
    "id": "GHSA-0000-0000-0001",
    "aliases": ["CVE-2024-0001"],
    "summary": "made up",
    "affected": [
        {
            "package": {"name": "leaky", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.1"}]}],
        }
    ],
}


class Service(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        found = {"vulns": [FLAW]} if asked["package"]["name"] == "leaky" else {}
        body = json.dumps(found).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def service() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1/query"
    server.shutdown()
    server.server_close()


def audit(lock: Path, text: str, url: str, *more: str) -> tuple[int, list[str]]:
    lock.write_text(text)
    done = subprocess.run(
        [sys.executable, SCRIPT, lock, "--osv-url", url, "--timeout", "5", *more],
        capture_output=True,
        text=True,
    )
    assert done.stderr == ""
    return done.returncode, done.stdout.splitlines()


def test_a_finding_fails_and_says_what_to_install(service: str, tmp_path: Path) -> None:
    lock = "leaky==1.0 --hash=sha256:" + "0" * 64 + "\nsound==2.0 --hash=sha256:" + "1" * 64
    code, lines = audit(tmp_path / "lock.txt", lock, service)
    assert code == 1
    assert lines == [
        "leaky 1.0: CVE-2024-0001, GHSA-0000-0000-0001; fixed in 1.1",
        "audit: 2 packages, 1 known vulnerability",
    ]


def test_a_waived_finding_passes(service: str, tmp_path: Path) -> None:
    waived = ("--ignore-vuln", "CVE-2024-0001")
    code, lines = audit(tmp_path / "lock.txt", "leaky==1.0", service, *waived)
    assert (code, lines) == (0, ["audit: 1 packages, no known vulnerability"])


def test_nobody_to_ask_is_said_and_passes(tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/v1/query"
        code, lines = audit(tmp_path / "lock.txt", "sound==2.0", url)
    assert code == 0
    assert len(lines) == 1 and lines[0].startswith("audit: not checked: ")


def test_a_lock_that_pins_nothing_is_an_error(service: str, tmp_path: Path) -> None:
    code, lines = audit(tmp_path / "lock.txt", "sound>=2.0", service)
    assert code == 2
    assert len(lines) == 1 and "make lock" in lines[0]

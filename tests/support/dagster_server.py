"""A real PostgreSQL and Dagster's three processes around it, as deploy/ puts them together."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from pipelines.home import REPOSITORY

DEPLOY = REPOSITORY / "deploy"
_BIN = Path(sys.executable).parent
_POSTGRES_HOMES = "/usr/lib/postgresql/*/bin"


def postgres_program(name: str) -> str | None:
    """Where a program of PostgreSQL is; Debian keeps them out of PATH."""
    found = sorted(Path("/").glob(f"{_POSTGRES_HOMES[1:]}/{name}"))
    return shutil.which(name) or (str(found[-1]) if found else None)


def free_port() -> int:
    """A port of the loopback that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextmanager
def postgres(password: str) -> Iterator[int]:
    """A PostgreSQL of its own on 127.0.0.1, and the port it listens on."""
    # It refuses to run as root, and to work below a folder that its user may not enter.
    other: dict[str, Any] = {} if os.getuid() else {"user": "nobody", "extra_groups": []}
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    data, secret = folder / "data", folder / "password"
    secret.write_text(password)
    if other:
        shutil.chown(folder, "nobody")
        shutil.chown(secret, "nobody")
    port = free_port()
    try:
        init = [postgres_program("initdb"), "--pgdata", data, "--username", "dagster"]
        init += ["--auth", "scram-sha-256", "--pwfile", secret, "--no-sync"]
        subprocess.run(init, check=True, capture_output=True, cwd=folder, **other)
        serve = [postgres_program("postgres"), "-D", data, "-h", "127.0.0.1", "-p", str(port)]
        serve += ["-k", folder, "-c", "fsync=off"]
        with (folder / "log").open("w") as log, running(serve, log, cwd=folder, **other):
            _wait(lambda: _listens(port), 60, "PostgreSQL")
            yield port
    finally:
        shutil.rmtree(folder)


@contextmanager
def running(command: list[Any], log: Any, **options: Any) -> Iterator[subprocess.Popen[bytes]]:
    """A child process, ended when the block is left."""
    process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, **options)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def dagster(env: dict[str, str], logs: Path) -> Iterator[int]:
    """Code location, daemon and webserver apart; yields the webserver's port."""
    web = free_port()
    code = ["dagster", "api", "grpc", "-h", "127.0.0.1", "-p", env["VALUEOPS_CODE_PORT"]]
    code += ["-m", "pipelines.definitions", "--location-name", "valueops"]
    workspace = ["-w", str(DEPLOY / "workspace.yaml")]
    page = ["dagster-webserver", "-h", "127.0.0.1", "-p", str(web), *workspace]
    with ExitStack() as stack:

        def start(name: str, command: list[str]) -> None:
            log = stack.enter_context((logs / f"{name}.log").open("w"))
            program = [str(_BIN / command[0]), *command[1:]]
            stack.enter_context(running(program, log, env=env, cwd=REPOSITORY))

        start("code", code)
        _wait(lambda: _listens(int(env["VALUEOPS_CODE_PORT"])), 300, "the code location")
        start("daemon", ["dagster-daemon", "run", *workspace])
        start("webserver", page)
        _wait(lambda: _listens(web), 300, "the webserver")
        yield web


def ask(port: int, query: str, **variables: Any) -> dict[str, Any]:
    """What Dagster's webserver answers to a GraphQL query."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/graphql",
        data=json.dumps({"query": query, "variables": variables}).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
        body = json.load(answer)
    assert "errors" not in body, body
    return body["data"]


def wait_for_end(port: int, run_id: str, seconds: float) -> str:
    """The status a run ends with."""
    query = "query($id: ID!) {runOrError(runId: $id) {... on Run {status}}}"
    ended = {"SUCCESS", "FAILURE", "CANCELED"}

    def status() -> str:
        return ask(port, query, id=run_id)["runOrError"]["status"]

    _wait(lambda: status() in ended, seconds, f"run {run_id}")
    return status()


def _listens(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def _wait(is_done: Any, seconds: float, what: str) -> None:
    until = time.monotonic() + seconds
    while not is_done():
        if time.monotonic() > until:
            raise AssertionError(f"{what} is not there after {seconds} s")
        time.sleep(0.2)

"""Receivers of alerts on this machine: a webhook and a mail server that keep what they get."""

import json
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword


@dataclass
class Webhook:
    """What was posted.

    Attributes:
        url: With a secret path.
        accepted: Bodies of requests answered with 200.
        answers: Codes to give first, in order; then 200.
        headers: To send with every answer.
        asked: Number of requests.
    """

    url: str
    accepted: list[dict[str, Any]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    asked: int = 0

    @property
    def titles(self) -> list[str]:
        return [body["text"] for body in self.accepted]


@contextmanager
def webhook() -> Iterator[Webhook]:
    """A Slack-compatible webhook."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            kept.asked += 1
            code = kept.answers.pop(0) if kept.answers else 200
            if code == 200:
                kept.accepted.append(body)
            self.send_response(code)
            for name, value in kept.headers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    kept = Webhook(f"http://127.0.0.1:{server.server_port}/services/T0/B0/hunter2secret")
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
    try:
        yield kept
    finally:
        server.shutdown()
        server.server_close()


@dataclass
class Mailbox:
    """What was mailed.

    Attributes:
        port: Where the server listens.
        mails: Accepted.
        answer: What to say to a mail.
        logins: User and password of each login.
    """

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    answer: str = "250 OK"
    logins: list[tuple[str, str]] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.answer.startswith("250"):
            mail = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(mail, EmailMessage)
            self.mails.append(mail)
        return self.answer

    def authenticate(
        self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        login = (data.login.decode(), data.password.decode())
        self.logins.append(login)
        return AuthResult(success=login == ("robot", "hunter2secret"), handled=False)


@contextmanager
def mailbox(certificate: tuple[Path, Path] | None = None) -> Iterator[Mailbox]:
    """A mail server; with a certificate it wants STARTTLS and a login."""
    kept = Mailbox()
    secured: dict[str, Any] = {}
    if certificate:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(*certificate)
        secured = {
            "tls_context": context,
            "require_starttls": True,
            "auth_required": True,
            "authenticator": kept.authenticate,
        }
    with socket.create_server(("127.0.0.1", 0)) as free:
        kept.port = free.getsockname()[1]
    controller = Controller(kept, hostname="127.0.0.1", port=kept.port, **secured)
    controller.start()
    try:
        yield kept
    finally:
        controller.stop()


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """Certificate and key of 127.0.0.1."""
    paths = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"),
            *("-out", paths[0], "-keyout", paths[1]),
        ],
        check=True,
        capture_output=True,
    )
    return paths

"""A mail server and a web address on this machine that keep what they were sent."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

PASSWORD = "a secret"


@dataclass
class MailServer:
    """``refuses``: an address that it takes no mail for."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    refuses: str = ""

    async def handle_RCPT(  # noqa: N802  # as aiosmtpd calls it
        self, _server: object, _session: object, envelope: Any, address: str, _options: object
    ) -> str:
        if address == self.refuses:
            return "550 There is nobody of that name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: N802
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 OK"


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """A mail server, for as long as this lasts."""
    server = MailServer(free_port())

    def may_send(_server: object, _session: object, _envelope: object, _mechanism: str, given: object) -> AuthResult:
        return AuthResult(success=isinstance(given, LoginPassword) and given.password == PASSWORD.encode())

    controller = Controller(
        server, hostname="127.0.0.1", port=server.port, authenticator=may_send, auth_require_tls=False
    )
    controller.start()
    try:
        yield server
    finally:
        controller.stop()


@dataclass
class WebAddress:
    """``answers``: the status that it answers with."""

    url: str = ""
    posts: list[dict[str, Any]] = field(default_factory=list)
    answers: int = 204


@contextmanager
def web_address() -> Iterator[WebAddress]:
    """An address that takes JSON, for as long as this lasts."""
    address = WebAddress()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # as http.server calls it
            body = self.rfile.read(int(self.headers["content-length"]))
            if address.answers == 204:
                address.posts.append(json.loads(body))
            self.send_response(address.answers)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Handler)
    address.url = f"http://127.0.0.1:{server.server_port}/hook?key=secret"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield address
    finally:
        server.shutdown()
        server.server_close()


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])

"""What the tests of messages share: a moment, a notice, and servers on the wire."""

import json
import socketserver
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.request import urlopen

from django.db import transaction

from panro.accounts.models import User
from panro.notify.actions import Notice, ToAccount, ToAddress, queue
from panro.notify.models import Message
from panro.notify.standin.solapi import Fault, Provider

NOON = datetime(2021, 4, 9, 3, 0, tzinfo=UTC)
"""Noon in Korea."""
RECEIVED = {
    "programme": "온라인 판로",
    "receipt": "3-1-000123",
    "received": "2021-04-09 12:00",
    "hash": "ab12",
    "head": "cd34",
    "link": "https://panro.example/my/",
}
EVENT = {
    "event": "봄 기획전",
    "from": "4월 1일",
    "until": "4월 9일",
    "link": "https://panro.example/e/1",
    "refuse": "https://panro.example/r/1",
}


def notice(to: ToAccount | ToAddress, key: str = "k1", **changes: object) -> Notice:
    given = {"template": "application_received", "to": to, "values": RECEIVED, "key": key}
    return Notice(**(given | changes))


def advertisement(to: ToAccount | ToAddress, key: str = "a1") -> Notice:
    return Notice("sales_event", to, EVENT, key)


def put(*notices: Notice, now: datetime = NOON) -> list[Message]:
    with transaction.atomic():
        queue(notices, now=now)
    return list(Message.objects.filter(key__in=[notice.key for notice in notices]).order_by("key", "channel"))


def somebody(email: str = "shop@example.com") -> User:
    return User.objects.create_user(email, name="김판로")


@dataclass
class PhoneService:
    """The stand-in, running on a port of its own."""

    provider: Provider
    url: str

    def fault(self, fault: Fault) -> None:
        self.provider.fault = fault

    def taken(self) -> Sequence[dict[str, object]]:
        with urlopen(self.url) as answer:  # noqa: S310 - our own server
            return json.load(answer)["messages"]


@dataclass
class MailServer:
    """A mail server on the wire: takes mail as RFC 5321 says, or answers as it is told."""

    port: int = 0
    refuse: dict[str, str] = field(default_factory=dict)
    """Answers to RCPT by address."""
    hang_up_after_data: bool = False
    mails: list[tuple[str, bytes]] = field(default_factory=list)


class _Session(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        server: MailServer = self.server.told
        self._say("220 mail.test")
        to = ""
        while line := self.rfile.readline():
            words = line.decode().strip()
            verb = words[:4].upper()
            if verb == "RCPT":
                to = words[words.index("<") + 1 : words.index(">")]
                self._say(server.refuse.get(to, "250 ok"))
            elif verb == "DATA":
                self._say("354 go on")
                server.mails.append((to, self._data()))
                if server.hang_up_after_data:
                    return
                self._say("250 taken")
            elif verb == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def _data(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return b"".join(lines)


class _Threads(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    told: MailServer


@contextmanager
def running(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def mail_server() -> Iterator[MailServer]:
    server = _Threads(("127.0.0.1", 0), _Session)
    server.told = told = MailServer(port=server.server_address[1])
    with running(server):
        yield told

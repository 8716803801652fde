"""What stand-ins on the wire share: they refuse public sites, answer in JSON, and run until somebody ends them."""

from __future__ import annotations

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from panro.accounts.deployment import is_public

if TYPE_CHECKING:
    import argparse

type Json = dict[str, Any]


class StandInRefusedError(RuntimeError):
    """This is a public site."""


def refuse_public(why: str) -> None:
    """Refuse to run where people rely on the real service.

    Args:
        why: the rest of a sentence, such as "no stand-in takes letters".

    Raises:
        StandInRefusedError: this is a public site.
    """
    if is_public():
        raise StandInRefusedError(f"PANRO_HOSTS is set: on a public site {why}")


class JsonHandler(BaseHTTPRequestHandler):
    """A handler of requests that keeps connections, answers in JSON, and says nothing in the terminal."""

    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named by http.server
        """Say nothing: whoever starts a stand-in looks at what it took, not at its requests."""

    def content(self) -> bytes:
        """Return what was sent."""
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def answer(self, status: int, body: Json) -> None:
        """Answer with a JSON object."""
        self.send(status, json.dumps(body, ensure_ascii=False, indent=1).encode(), "application/json; charset=utf-8")

    def send(self, status: int, content: bytes, kind: str) -> None:
        """Answer with anything."""
        try:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
        except OSError:  # the caller has gone
            self.close_connection = True

    def hang_up(self) -> None:
        """Close the connection without an answer."""
        self.close_connection = True
        self.connection.close()


def bound(handler: type[JsonHandler], host: str, port: int, **known: object) -> ThreadingHTTPServer:
    """Return a server that is bound and ready, whose handlers know what is given by name."""
    return ThreadingHTTPServer((host, port), type("BoundHandler", (handler,), known))


def run(server: ThreadingHTTPServer, greeting: str) -> int:
    """Say one line, then serve until interrupted; returns the status to exit with."""
    sys.stdout.write(f"{greeting}\n")
    sys.stdout.flush()
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()
    return 0


def refuse_public_or_exit(parser: argparse.ArgumentParser, why: str) -> None:
    """Refuse as :func:`refuse_public` does, in the words of a command line and with its status 2."""
    try:
        refuse_public(why)
    except StandInRefusedError as refused:
        parser.error(str(refused))

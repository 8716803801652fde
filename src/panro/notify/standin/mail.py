"""A stand-in for a mail server: takes letters over SMTP, sends none on, and shows them in a browser.

``python -m panro.notify.standin.mail --smtp-port 8028 --port 8029 --folder var/mail`` keeps each letter as a file, so
that they are still there after a restart, and shows them on ``http://127.0.0.1:8029/``.
"""

from __future__ import annotations

import argparse
import html
import re
import socket
import sys
import threading
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aiosmtpd.controller import Controller

from panro.accounts.standin.serving import JsonHandler, StandInRefusedError, bound, refuse_public

if TYPE_CHECKING:
    from email.message import EmailMessage

    from aiosmtpd.smtp import SMTP, Envelope, Session

HOST: Final = "127.0.0.1"
LETTER_BYTES: Final = 5_000_000
SHOWN: Final = 200
_LINK: Final = re.compile(r"(https?://[^\s<>\"]+)")
_FILE: Final = re.compile(r"\d{8}\.eml")
_PAGE: Final = """<!doctype html><html lang="ko"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title></head>
<body><main><h1>{title}</h1>{body}</main></body></html>"""


@dataclass
class Letters:
    """Letters in a folder, numbered as they came; shared by the threads of both servers under one lock."""

    folder: Path
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, content: bytes) -> str:
        """Keep a letter; returns the name of its file."""
        with self.lock:
            self.folder.mkdir(parents=True, exist_ok=True)
            name = f"{int(self.names()[0][:8]) + 1 if self.names() else 1:08}.eml"
            (self.folder / name).write_bytes(content)
        return name

    def names(self) -> list[str]:
        """Return the names of all letters, the newest first."""
        return sorted((path.name for path in self.folder.glob("*.eml") if _FILE.fullmatch(path.name)), reverse=True)

    def read(self, name: str) -> EmailMessage | None:
        """Return a letter; None if there is none of the name."""
        path = self.folder / name
        if not _FILE.fullmatch(name) or not path.is_file():
            return None
        return message_from_bytes(path.read_bytes(), policy=policy.default)


class _Handler:
    """What the SMTP server does with a letter."""

    def __init__(self, letters: Letters) -> None:
        self._letters = letters

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep it."""
        del server, session
        content = envelope.content or b""
        self._letters.add(content if isinstance(content, bytes) else content.encode())
        return "250 kept, and sent to nobody"


class MailStandIn:
    """Both servers; listens on this machine alone."""

    def __init__(self, folder: Path, *, smtp_port: int, port: int) -> None:
        """Prepare both; a port of 0 chooses a free one.

        Raises:
            StandInRefusedError: this is a public site.
        """
        refuse_public("no stand-in takes letters")
        self.letters = Letters(folder)
        self.smtp_port = smtp_port or _free_port()
        self._smtp = Controller(
            _Handler(self.letters), hostname=HOST, port=self.smtp_port, data_size_limit=LETTER_BYTES, decode_data=False
        )
        self._web = bound(_Pages, HOST, port, letters=self.letters)
        self._web.daemon_threads = True

    def start(self) -> None:
        """Serve both, in threads."""
        self._smtp.start()
        threading.Thread(target=self._web.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """End both."""
        self._web.shutdown()
        self._web.server_close()
        self._smtp.stop()

    @property
    def address(self) -> str:
        """Where letters are shown."""
        return f"http://{HOST}:{self._web.server_address[1]}/"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


class _Pages(JsonHandler):
    letters: Letters

    def do_GET(self) -> None:
        name = self.path.lstrip("/")
        if not name:
            self._page(200, _list(self.letters))
        elif (letter := self.letters.read(name)) is not None:
            self._page(200, _letter(letter))
        else:
            self._page(404, _PAGE.format(title="404", body="<p>그런 편지가 없습니다.</p>"))

    def _page(self, status: int, page: str) -> None:
        self.send(status, page.encode(), "text/html; charset=utf-8")

    def end_headers(self) -> None:
        """Let a page load nothing: letters come from anybody."""
        self.send_header("Content-Security-Policy", "default-src 'none'")
        super().end_headers()


def _list(letters: Letters) -> str:
    names = letters.names()[:SHOWN]
    rows = []
    for name in names:
        letter = letters.read(name)
        if letter is not None:
            subject, to = html.escape(str(letter["Subject"] or "–")), html.escape(str(letter["To"] or "–"))
            rows.append(f'<li><a href="/{name}">{subject}</a> → {to}</li>')
    body = f"<ul>{''.join(rows)}</ul>" if rows else "<p>아직 편지가 없습니다. No letters yet.</p>"
    return _PAGE.format(title="체험용 편지함 · Letters of this demonstration", body=body)


def _letter(letter: EmailMessage) -> str:
    part = letter.get_body(("plain", "html"))
    pieces = map(html.escape, _LINK.split(part.get_content() if part is not None else ""))
    # Every second piece is a link.
    linked = "".join(f'<a href="{one}">{one}</a>' if at % 2 else one for at, one in enumerate(pieces))
    head = "".join(
        f"<dt>{name}</dt><dd>{html.escape(str(letter[name] or '–'))}</dd>" for name in ("From", "To", "Date")
    )
    body = f'<p><a href="/">←</a></p><dl>{head}</dl><p>{linked.replace("\n", "<br>")}</p>'
    return _PAGE.format(title=html.escape(str(letter["Subject"] or "–")), body=body)


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="stand-in for a mail server; sends nothing")
    parser.add_argument("--smtp-port", type=int, default=8028)
    parser.add_argument("--port", type=int, default=8029)
    parser.add_argument("--folder", type=Path, required=True)
    arguments = parser.parse_args()
    try:
        standin = MailStandIn(arguments.folder, smtp_port=arguments.smtp_port, port=arguments.port)
    except StandInRefusedError as refused:
        parser.error(str(refused))
    standin.start()
    sys.stdout.write(f"letters are shown on {standin.address}\n")
    sys.stdout.flush()
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        standin.stop()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

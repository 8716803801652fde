"""The virus scanner: clamd's ``INSTREAM`` over a socket. Whatever is not plainly clean is not clean."""

from __future__ import annotations

import enum
import socket
import struct
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Final, Protocol

from panro.files.conf import TcpAddress, UnixSocket

if TYPE_CHECKING:
    from collections.abc import Callable

_COMMAND: Final = b"zINSTREAM\0"
_CHUNK: Final = 256 * 1024
_ANSWER: Final = 4096
_LIMIT: Final = b"size limit exceeded"


class Verdict(enum.Enum):
    """What a scan found."""

    CLEAN = enum.auto()
    INFECTED = enum.auto()
    TOO_LARGE = enum.auto()
    """The scanner takes no file of this size: asking again does not help."""
    FAILED = enum.auto()
    """No answer, or one that made no sense: asking again may help."""


@dataclass(frozen=True, slots=True)
class Scan:
    """A verdict, with the name of the virus or what went wrong."""

    verdict: Verdict
    detail: str = ""


class Scanner(Protocol):
    """Something that scans. Nothing is raised: a scan that cannot be made is a verdict too."""

    def scan(self, stream: IO[bytes]) -> Scan:
        """Scan a stream from its beginning."""
        ...


class NoScanner:
    """Where no scanner is set up."""

    def scan(self, stream: IO[bytes]) -> Scan:
        """Call nothing clean."""
        del stream
        return Scan(Verdict.FAILED, "no virus scanner is set up (PANRO_CLAMD)")


class ClamdScanner:
    """A clamd that listens on a socket.

    Args:
        address: where.
        timeout: seconds to wait for connection, for each chunk to leave, and for the answer.
    """

    def __init__(self, address: UnixSocket | TcpAddress, *, timeout: float = 120.0) -> None:
        self._address = address
        self._timeout = timeout

    def scan(self, stream: IO[bytes]) -> Scan:
        """Send the stream and read the answer; clamd may answer, and hang up, before everything was sent."""
        stream.seek(0)
        try:
            with self._connect() as connection:
                with suppress(BrokenPipeError, ConnectionResetError):  # it may have said why
                    _send(connection.sendall, stream)
                return _judge(_received(connection))
        except OSError as wrong:
            return Scan(Verdict.FAILED, f"{type(wrong).__name__}: {wrong}")

    def _connect(self) -> socket.socket:
        if isinstance(self._address, TcpAddress):
            return socket.create_connection((self._address.host, self._address.port), timeout=self._timeout)
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(self._timeout)
        try:
            connection.connect(self._address.path)
        except BaseException:
            connection.close()
            raise
        return connection


def _send(send: Callable[[bytes], None], stream: IO[bytes]) -> None:
    send(_COMMAND)
    while chunk := stream.read(_CHUNK):
        send(struct.pack("!I", len(chunk)) + chunk)
    send(struct.pack("!I", 0))


def _received(connection: socket.socket) -> bytes:
    answer = b""
    while len(answer) < _ANSWER and not answer.endswith(b"\0"):
        if not (more := connection.recv(_ANSWER)):
            break
        answer += more
    return answer


def _judge(answer: bytes) -> Scan:
    """Read ``stream: OK``, ``stream: NAME FOUND`` or ``… ERROR``, which must end with a zero byte."""
    said = answer.rstrip(b"\0").decode("utf-8", "replace").strip()
    if answer == b"stream: OK\0":
        return Scan(Verdict.CLEAN)
    if answer.startswith(b"stream: ") and answer.endswith(b" FOUND\0"):
        return Scan(Verdict.INFECTED, said.removeprefix("stream: ").removesuffix(" FOUND"))
    if _LIMIT in answer.lower():
        return Scan(Verdict.TOO_LARGE, said)
    return Scan(Verdict.FAILED, f"the scanner answered {said[:100]!r}" if said else "the scanner hung up")

"""A small HTTP client that tells a request that never left from one whose answer never came."""

from __future__ import annotations

import http.client
import json
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

ANSWER_BYTES = 10 * 1024 * 1024


class NotSentError(Exception):
    """The server could not be reached: it certainly knows nothing of the request."""


class NoAnswerError(Exception):
    """The request left, but no answer came: the server may have done what was asked."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer; ``body`` is None if it is no JSON."""

    status: int
    body: object


def call(
    method: str,
    base: str,
    path: str,
    headers: Mapping[str, str],
    body: object = None,
    *,
    timeout: float,
) -> Reply:
    """Make one request, without following redirections.

    Args:
        method: such as ``POST``.
        base: scheme and host, such as ``https://api.solapi.com``.
        path: path and query.
        headers: those of the request.
        body: sent as JSON; None sends nothing.
        timeout: seconds for connecting, and again for every piece of the answer.

    Raises:
        NotSentError: no connection.
        NoAnswerError: the connection broke, timed out or carried no HTTP after the request began to leave.
    """
    connection = _connect(base, timeout)
    data = None if body is None else json.dumps(body, ensure_ascii=False).encode()
    try:
        connection.request(method, path, data, dict(headers))
        answer = connection.getresponse()
        content = answer.read(ANSWER_BYTES)
    except (OSError, http.client.HTTPException) as wrong:
        raise NoAnswerError(f"{type(wrong).__name__}: {wrong}") from wrong
    finally:
        connection.close()
    return Reply(answer.status, _json(content))


def _connect(base: str, timeout: float) -> http.client.HTTPConnection:
    parts = urlsplit(base)
    if not parts.hostname or parts.scheme not in {"http", "https"}:
        raise NotSentError(f"{base!r} is no address")
    connection = (
        http.client.HTTPSConnection(parts.hostname, parts.port, timeout=timeout, context=ssl.create_default_context())
        if parts.scheme == "https"
        else http.client.HTTPConnection(parts.hostname, parts.port, timeout=timeout)
    )
    try:
        connection.connect()
    except OSError as wrong:
        connection.close()
        raise NotSentError(f"{type(wrong).__name__}: {wrong}") from wrong
    return connection


def _json(content: bytes) -> object:
    try:
        read: object = json.loads(content)
    except (UnicodeDecodeError, json.JSONDecodeError):
        return None
    return read

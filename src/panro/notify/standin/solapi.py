"""A stand-in for the text-message provider, speaking its interface on the wire: nothing is sent to anybody.

``python -m panro.notify.standin.solapi --port 8025`` takes messages signed with the key and secret of
``PANRO_SOLAPI_KEY`` and ``PANRO_SOLAPI_SECRET``, checks them as the provider would, and shows them on
``http://127.0.0.1:8025/``. With ``--report-to`` it reports each of them as delivered to that address.

A telephone number says what becomes of its messages: one ending in 0000 is refused at once, one ending in 9999 fails
on its way, all others are delivered. Faults of the service itself are set by ``POST /faults``; see :class:`Fault`.
"""

from __future__ import annotations

import argparse
import enum
import hmac
import json
import re
import sys
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, urlsplit

from panro.accounts.standin.serving import JsonHandler, bound, refuse_public, refuse_public_or_exit, run
from panro.notify import conf
from panro.notify.messengers.http import NoAnswerError, NotSentError, call
from panro.notify.messengers.solapi import LIST, SEND, authorization
from panro.notify.telephone import LMS_BYTES, SMS_BYTES, TITLE_BYTES, byte_length

_HEADER: Final = re.compile(r"HMAC-SHA256 apiKey=([^,]+), date=([^,]+), salt=([^,]+), signature=([0-9a-f]{64})")
_AGE: Final = timedelta(minutes=15)
_SALT_LENGTH: Final = 12
_BYTES: Final = {"SMS": SMS_BYTES, "LMS": LMS_BYTES, "ATA": LMS_BYTES}
_REFUSED, _LOST = "0000", "9999"
_WHY: Final = "no stand-in takes messages"

if TYPE_CHECKING:
    from http.server import ThreadingHTTPServer

    from panro.accounts.standin.serving import Json


class Fault(enum.StrEnum):
    """What goes wrong with the service, until it is set to ``none``."""

    NONE = "none"
    SLOW_AFTER_ACCEPTING = "slow_after_accepting"
    RESET_AFTER_ACCEPTING = "reset_after_accepting"
    RESET_BEFORE_ACCEPTING = "reset_before_accepting"
    NONSENSE_AFTER_ACCEPTING = "nonsense_after_accepting"
    BUSY = "busy"
    BROKEN = "broken"


@dataclass
class Provider:
    """What the stand-in knows; shared by its threads under one lock."""

    key: str
    secret: str
    report_to: str = ""
    slow: float = 5.0
    fault: Fault = Fault.NONE
    messages: dict[str, Json] = field(default_factory=dict)
    salts: set[str] = field(default_factory=set)
    calls: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def refusal(self, header: str) -> str | None:
        """Return what is wrong with an Authorization header; a salt is good once."""
        found = _HEADER.fullmatch(header)
        if found is None:
            return "InvalidAuthorization"
        key, date, salt, signature = found.groups()
        expected = authorization(self.key, self.secret, date=date, salt=salt).rpartition("signature=")[2]
        try:
            age = abs(datetime.now(UTC) - datetime.fromisoformat(date))
        except (ValueError, TypeError):
            return "InvalidDate"
        if key != self.key or not hmac.compare_digest(expected, signature):
            return "SignatureDoesNotMatch"
        if age > _AGE:
            return "RequestTimeTooSkewed"
        with self.lock:
            if len(salt) < _SALT_LENGTH or salt in self.salts:
                return "DuplicatedSignature"
            self.salts.add(salt)
        return None

    def accept(self, body: Json) -> tuple[int, Json]:
        """Take a group of messages, or refuse it as a whole because one cannot be read."""
        messages = body.get("messages")
        if not isinstance(messages, list) or not messages:
            return 400, {"errorCode": "ValidationError", "errorMessage": "messages: at least one is needed"}
        for message in messages:
            if (wrong := _unreadable(message)) is not None:
                return 400, {"errorCode": "ValidationError", "errorMessage": wrong}
        with self.lock:
            group = f"G4V{datetime.now(UTC):%Y%m%d%H%M%S}{self.calls:06d}"
            self.calls += 1
            taken = [self._take(group, number, message) for number, message in enumerate(messages)]
        failed = [message for message in taken if message["statusCode"] != "2000"]
        count = {"total": len(taken), "registeredFailed": len(failed), "registeredSuccess": len(taken) - len(failed)}
        answer: Json = {
            "groupInfo": {"groupId": group, "count": count, "status": "SENDING"},
            "failedMessageList": failed,
        }
        if body.get("showMessageList"):
            answer["messageList"] = [message for message in taken if message not in failed]
        return 200, answer

    def found(self, query: dict[str, list[str]]) -> Json:
        """Answer a question about messages, by id or by number and time of creation."""
        asked = {name: values[0] for name, values in query.items()}
        with self.lock:
            for message in self.messages.values():
                _go_on(message)
            rows = [message for message in self.messages.values() if _matches(message, asked)]
        limit = int(asked.get("limit", "20"))
        return {"startKey": None, "limit": limit, "messageList": {row["messageId"]: row for row in rows[:limit]}}

    def report(self, answer: Json) -> None:
        """Report what became of the messages of a call, twice, as the real provider may."""
        for message in answer.get("messageList", []):
            with self.lock:
                _go_on(stored := self.messages[message["messageId"]])
                event = {"eventDataId": f"E{stored['messageId']}", "retryCount": 0, "data": stored}
                payload = json.loads(json.dumps([event]))
            for _ in range(2):
                _post(self.report_to, payload)

    def _take(self, group: str, number: int, message: Json) -> Json:
        identity = f"M4V{group[3:]}{number:04d}"
        refused = str(message["to"]).endswith(_REFUSED)
        stored = {
            **message,
            "messageId": identity,
            "groupId": group,
            "accountId": "standin",
            "statusCode": "1062" if refused else "2000",
            "statusMessage": "the number cannot be reached" if refused else "accepted",
            "dateCreated": datetime.now(UTC).isoformat(),
        }
        if not refused:
            self.messages[identity] = stored
        return stored


def serve(provider: Provider, port: int, host: str = "127.0.0.1") -> ThreadingHTTPServer:
    """Return a server that is bound and ready; run it with ``serve_forever``.

    Raises:
        StandInRefusedError: this is a public site.
    """
    refuse_public(_WHY)
    return bound(_Handler, host, port, provider=provider)


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="stand-in for the text-message provider; sends nothing")
    parser.add_argument("--port", type=int, default=8025)
    parser.add_argument("--report-to", default="", help="address that reports are posted to")
    arguments = parser.parse_args()
    refuse_public_or_exit(parser, _WHY)
    account = conf.solapi()
    if account is None:
        parser.error("set PANRO_SOLAPI_KEY, PANRO_SOLAPI_SECRET and PANRO_SOLAPI_SENDER as the program has them")
    server = serve(Provider(account.key, account.secret, report_to=arguments.report_to), arguments.port)
    return run(server, f"messages are shown on http://127.0.0.1:{arguments.port}/")


class _Handler(JsonHandler):
    provider: Provider

    def do_POST(self) -> None:
        body = self._body()
        if self.path == "/faults":
            self.provider.fault = Fault(body["fault"])
            self.answer(200, {})
        elif self.path == SEND:
            self._send(body)
        else:
            self.answer(404, {"errorCode": "ResourceNotFound", "errorMessage": self.path})

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path == "/":
            with self.provider.lock:
                self.answer(200, {"messages": list(self.provider.messages.values())})
        elif parts.path == LIST and not self._refused():
            self.answer(200, self.provider.found(parse_qs(parts.query)))
        elif parts.path != LIST:
            self.answer(404, {"errorCode": "ResourceNotFound", "errorMessage": self.path})

    def _send(self, body: Json) -> None:
        if self._refused():
            return
        fault = self.provider.fault
        if fault is Fault.RESET_BEFORE_ACCEPTING:
            self.hang_up()
            return
        status, answer = self.provider.accept(body)
        if fault is Fault.SLOW_AFTER_ACCEPTING:
            time.sleep(self.provider.slow)
        if fault is Fault.RESET_AFTER_ACCEPTING:
            self.hang_up()
            return
        self.answer(status, {"hello": 1} if fault is Fault.NONSENSE_AFTER_ACCEPTING else answer)
        if self.provider.report_to and status == 200:  # noqa: PLR2004 - HTTP's own number
            threading.Thread(target=self.provider.report, args=(answer,), daemon=True).start()

    def _refused(self) -> bool:
        if (code := self.provider.refusal(self.headers.get("Authorization", ""))) is not None:
            self.answer(401, {"errorCode": code, "errorMessage": "check the key, the secret and the clock"})
            return True
        if self.provider.fault in {Fault.BUSY, Fault.BROKEN}:
            busy = self.provider.fault is Fault.BUSY
            self.answer(429 if busy else 500, {"errorCode": "Fault", "errorMessage": "as was asked for"})
            return True
        return False

    def _body(self) -> Json:
        read = json.loads(self.content() or b"{}")
        return read if isinstance(read, dict) else {}


def _unreadable(message: object) -> str | None:
    kind = message.get("type") if isinstance(message, dict) else None
    if not isinstance(message, dict) or kind not in _BYTES:
        return f"a message must be an object with a type, not {kind!r}"
    if not re.fullmatch(r"0\d{8,10}", str(message.get("to"))) or not str(message.get("from")).isdecimal():
        return "to, from: digits only"
    if not message.get("text") or byte_length(str(message["text"])) > _BYTES[kind]:
        return f"text: 1 to {_BYTES[kind]} bytes"
    if kind == "LMS" and not 0 < byte_length(str(message.get("subject", ""))) <= TITLE_BYTES:
        return f"subject: 1 to {TITLE_BYTES} bytes"
    options = message.get("kakaoOptions", {})
    if kind == "ATA" and not (options.get("pfId") and options.get("templateId")):
        return "kakaoOptions: pfId and templateId are needed"
    return None


def _go_on(message: Json) -> None:
    failed = str(message["to"]).endswith(_LOST)
    message["statusCode"] = "3104" if failed else "4000"
    message["statusMessage"] = message["reason"] = "switched off" if failed else "received"


def _matches(message: Json, asked: dict[str, str]) -> bool:
    if asked.get("criteria") == "messageId":
        return bool(message["messageId"] == asked.get("value"))
    created = datetime.fromisoformat(message["dateCreated"])
    return bool(
        message["to"] == asked.get("to", message["to"])
        and created >= datetime.fromisoformat(asked["startDate"])
        and created <= datetime.fromisoformat(asked["endDate"])
    )


def _post(address: str, body: object) -> None:
    parts = urlsplit(address)
    try:
        call(
            "POST",
            f"{parts.scheme}://{parts.netloc}",
            parts.path,
            {"Content-Type": "application/json"},
            body,
            timeout=5,
        )
    except (NotSentError, NoAnswerError) as wrong:
        sys.stderr.write(f"report to {address}: {wrong}\n")


if __name__ == "__main__":
    raise SystemExit(main())

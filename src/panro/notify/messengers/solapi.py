"""Text messages and Alimtalk by Solapi, version 4 of its interface.

``POST /messages/v4/send-many/detail`` takes messages; ``GET /messages/v4/list`` says where one stands, by its id or,
where no id ever came back, by number and time together with our own id in ``customFields``. Status 4000 means
received by the telephone, 2000 and 3000 on the way, all others that it failed.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from panro.notify.messengers import Answer, Outcome, Parcel, Result, Standing
from panro.notify.messengers.http import NoAnswerError, NotSentError, Reply, call
from panro.notify.telephone import Form, form_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from uuid import UUID

    from panro.notify.conf import Solapi

OWN_ID: Final = "panro"
SEND: Final = "/messages/v4/send-many/detail"
LIST: Final = "/messages/v4/list"
LIST_LIMIT: Final = 500
ALIMTALK_CHARACTERS: Final = 1_000
_DELIVERED: Final = "4000"
_ON_THE_WAY: Final = frozenset({"2000", "3000"})
_OK, _BAD_REQUEST, _SERVER_ERROR = 200, 400, 500
_MEND_FIRST: Final = frozenset(
    {401, 402, 403, 404, 429}
)  # key, balance, rights, address, rate: not the message's fault
_AROUND: Final = timedelta(minutes=30)

type Json = dict[str, object]


def authorization(key: str, secret: str, *, date: str, salt: str) -> str:
    """Return the header: HMAC-SHA256 over date and salt, in hexadecimal digits."""
    signature = hmac.new(secret.encode(), (date + salt).encode(), hashlib.sha256).hexdigest()
    return f"HMAC-SHA256 apiKey={key}, date={date}, salt={salt}, signature={signature}"


def _now() -> datetime:
    return datetime.now(UTC)


class SolapiMessenger:
    """The account at Solapi."""

    batch = 100

    def __init__(
        self,
        account: Solapi,
        *,
        timeout: float = 15.0,
        clock: Callable[[], datetime] = _now,
        salt: Callable[[], str] = lambda: secrets.token_hex(16),
    ) -> None:
        self._account = account
        self._timeout = timeout
        self._clock = clock
        self._salt = salt

    def send(self, parcels: Sequence[Parcel]) -> dict[UUID, Outcome]:
        """Hand over all messages in one call.

        A batch refused as a whole (400) holds a message the provider cannot read: it was not taken, so it is
        halved until the one is found.
        """
        if not parcels:
            return {}
        body = {
            "messages": [self.message(parcel) for parcel in parcels],
            "allowDuplicates": True,
            "showMessageList": True,
        }
        try:
            reply = self._call("POST", SEND, body)
        except NotSentError as wrong:
            return _all(parcels, Result.LATER, f"the provider cannot be reached: {wrong}")
        except NoAnswerError as wrong:
            return _all(parcels, Result.UNKNOWN, f"the provider did not answer: {wrong}")
        if reply.status == _BAD_REQUEST and len(parcels) > 1:
            middle = len(parcels) // 2
            return self.send(parcels[:middle]) | self.send(parcels[middle:])
        return _outcomes(parcels, reply)

    def ask(self, parcels: Sequence[Parcel]) -> dict[UUID, Answer]:
        """Ask about each message; what cannot be learned now is left out."""
        answers: dict[UUID, Answer] = {}
        for parcel in parcels:
            try:
                reply = self._call("GET", f"{LIST}?{urlencode(_question(parcel))}")
            except (NotSentError, NoAnswerError):
                continue
            if (answer := _answer(parcel, reply)) is not None:
                answers[parcel.id] = answer
        return answers

    def message(self, parcel: Parcel) -> Json:
        """Return a message as the provider takes it."""
        form = form_of(parcel.text)
        message: Json = {
            "to": parcel.address,
            "from": self._account.sender,
            "text": parcel.text,
            "country": "82",
            "customFields": {OWN_ID: str(parcel.id)},
        }
        if parcel.alimtalk and self._account.channel and len(parcel.text) <= ALIMTALK_CHARACTERS:
            return message | {
                "type": Form.ALIMTALK.value,
                "kakaoOptions": {
                    "pfId": self._account.channel,
                    "templateId": parcel.alimtalk["template"],
                    "variables": parcel.alimtalk["variables"],
                    "disableSms": False,
                },
            }
        return message | {"type": form.value} | ({"subject": parcel.subject} if form is Form.LMS else {})

    def _call(self, method: str, path: str, body: object = None) -> Reply:
        date = self._clock().astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        headers = {
            "Authorization": authorization(self._account.key, self._account.secret, date=date, salt=self._salt()),
            "Content-Type": "application/json",
        }
        return call(method, self._account.url, path, headers, body, timeout=self._timeout)


def _all(parcels: Sequence[Parcel], result: Result, reason: str) -> dict[UUID, Outcome]:
    return {parcel.id: Outcome(result, reason) for parcel in parcels}


def _outcomes(parcels: Sequence[Parcel], reply: Reply) -> dict[UUID, Outcome]:
    body = _mapping(reply.body)
    if reply.status != _OK:
        said = (
            f"the provider answered {reply.status} {body.get('errorCode', '')} {body.get('errorMessage', '')}".strip()
        )
        if reply.status in _MEND_FIRST:
            return _all(parcels, Result.LATER, said)
        return _all(parcels, Result.UNKNOWN if reply.status >= _SERVER_ERROR else Result.REFUSED, said)
    failed, listed = _by_own_id(body.get("failedMessageList")), _by_own_id(body.get("messageList"))
    group = str(_mapping(body.get("groupInfo")).get("groupId") or "")
    if not group:
        return _all(parcels, Result.UNKNOWN, "the provider's answer made no sense")
    outcomes: dict[UUID, Outcome] = {}
    for parcel in parcels:
        if (refused := failed.get(str(parcel.id))) is not None:
            reason = f"{refused.get('statusCode', '')} {refused.get('statusMessage', '')}".strip()
            outcomes[parcel.id] = Outcome(Result.REFUSED, reason or "refused by the provider")
        else:
            message = str(listed.get(str(parcel.id), {}).get("messageId") or "")
            outcomes[parcel.id] = Outcome(Result.ACCEPTED, group=group, message=message)
    return outcomes


def _question(parcel: Parcel) -> dict[str, str]:
    if parcel.provider_message:
        return {"criteria": "messageId", "cond": "eq", "value": parcel.provider_message, "limit": "1"}
    return {
        "to": parcel.address,
        "dateType": "CREATED",
        "startDate": (parcel.claimed - _AROUND).astimezone(UTC).isoformat(),
        "endDate": (parcel.claimed + _AROUND).astimezone(UTC).isoformat(),
        "limit": str(LIST_LIMIT),
    }


def _answer(parcel: Parcel, reply: Reply) -> Answer | None:
    body = _mapping(reply.body)
    if reply.status != _OK or not isinstance(body.get("messageList"), dict | list):
        return None
    found = _by_own_id(body["messageList"])
    message = found.get(str(parcel.id))
    if message is None:
        complete = len(found) < LIST_LIMIT and not body.get("nextKey")
        return Answer(Standing.ABSENT) if complete else None
    status = str(message.get("statusCode") or "")
    group, identity = str(message.get("groupId") or ""), str(message.get("messageId") or "")
    if status == _DELIVERED:
        return Answer(Standing.DELIVERED, group=group, message=identity)
    if status in _ON_THE_WAY:
        return Answer(Standing.ACCEPTED, group=group, message=identity)
    reason = f"{status} {message.get('reason') or message.get('statusMessage') or ''}".strip()
    return Answer(Standing.FAILED, reason or "failed at the provider", group, identity)


def _by_own_id(rows: object) -> dict[str, Json]:
    """Return messages by our id, from a list or from the provider's mapping by its own ids."""
    listed = list(rows.values()) if isinstance(rows, dict) else rows if isinstance(rows, list) else []
    found = [_mapping(row) for row in listed]
    return {str(own): row for row in found if (own := _mapping(row.get("customFields")).get(OWN_ID))}


def _mapping(value: object) -> Json:
    return value if isinstance(value, dict) else {}

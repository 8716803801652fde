"""The interface of the National Tax Service at data.go.kr: status and authenticity of business registrations.

``POST /api/nts-businessman/v1/status`` takes ``{"b_no": [...]}``, ``…/validate`` takes ``{"businesses": [...]}``, both
with the key in the address. ``b_stt_cd`` is 01 in business, 02 suspended, 03 closed (``end_dt`` says when) and empty
for a number that is not registered; ``valid`` is 01 for yes and 02 for no.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from panro.notify.messengers.http import NoAnswerError, NotSentError, Reply, call
from panro.parties.states import TaxStatus
from panro.parties.taxservice import (
    LARGEST_CALL,
    MendFirstError,
    Question,
    QuotaSpentError,
    RefusedError,
    StatusAnswer,
    TryLaterError,
    Verdict,
)
from panro.proof.hashing import tagged_hash

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from panro.parties.conf import TaxAccount

STATUS: Final = "/api/nts-businessman/v1/status"
VALIDATE: Final = "/api/nts-businessman/v1/validate"
DAY: Final = "%Y%m%d"
_CODES: Final = {"01": TaxStatus.OPEN, "02": TaxStatus.SUSPENDED, "03": TaxStatus.CLOSED}
_VALID: Final = {"01": True, "02": False}
_OK, _TOO_MANY, _SERVER_ERROR = 200, 429, 500
_KEY_REFUSED: Final = frozenset({401, 403})
_RAW: Final = "panro-tax-answer-1"

type Row = dict[str, object]


class OdcloudTaxService:
    """The account at data.go.kr."""

    def __init__(self, account: TaxAccount) -> None:
        self._account = account

    def status(self, numbers: Sequence[str]) -> Mapping[str, StatusAnswer]:
        """As :meth:`TaxService.status`."""
        _check_size(len(numbers))
        wanted = set(numbers)
        rows = self._rows(STATUS, {"b_no": list(numbers)})
        answers = [answer for row in rows if (answer := _status(row)) is not None]
        return {answer.number: answer for answer in answers if answer.number in wanted}

    def validate(self, questions: Sequence[Question]) -> Mapping[Question, Verdict]:
        """As :meth:`TaxService.validate`."""
        _check_size(len(questions))
        asked = [
            {"b_no": one.number, "start_dt": one.opened_on.strftime(DAY), "p_nm": one.representative}
            for one in questions
        ]
        by_key = {_key(one): question for one, question in zip(asked, questions, strict=True)}
        found: dict[Question, Verdict] = {}
        for row in self._rows(VALIDATE, {"businesses": asked}):
            question = by_key.get(_key(_mapping(row.get("request_param"))))
            matched = _VALID.get(str(row.get("valid")))
            if question is not None and question.number == row.get("b_no") and matched is not None:
                found[question] = Verdict(matched=matched, raw_hash=_hash(row))
        return found

    def _rows(self, path: str, body: object) -> Iterator[Row]:
        address = f"{path}?serviceKey={quote(self._account.key, safe='')}&returnType=JSON"
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        try:
            reply = call("POST", self._account.url, address, headers, body, timeout=self._account.timeout)
        except NotSentError:
            raise TryLaterError("the service cannot be reached") from None
        except NoAnswerError as wrong:
            raise TryLaterError(f"the service did not answer ({type(wrong.__cause__).__name__})") from None
        data = _data(reply)
        return (row for row in data if isinstance(row, dict))


def _data(reply: Reply) -> list[object]:
    """Return the rows of an answer; an answer that is none says by its kind what to do."""
    body = _mapping(reply.body)
    if reply.status == _TOO_MANY:
        raise QuotaSpentError("the service says that the calls of the day are used up")
    if reply.status >= _SERVER_ERROR:
        raise TryLaterError(f"the service answered {reply.status}")
    if reply.status != _OK:
        said = str(body.get("status_code") or body.get("code") or "")[:40]
        kind = MendFirstError if reply.status in _KEY_REFUSED else RefusedError
        raise kind(f"the service refused the call: {reply.status} {said}".strip())
    data = body.get("data")
    if body.get("status_code") != "OK" or not isinstance(data, list):
        raise TryLaterError("the answer of the service makes no sense")
    return data


def _status(row: Row) -> StatusAnswer | None:
    """Read one row; None if it makes no sense, so that it is asked for again."""
    number, code = row.get("b_no"), row.get("b_stt_cd")
    tax_type = row.get("tax_type")
    if not isinstance(number, str) or not isinstance(code, str) or not isinstance(tax_type, str):
        return None
    status = _CODES.get(code)
    if status is None and (code or row.get("b_stt") or not tax_type):
        return None
    ended = _day(row.get("end_dt")) if status is TaxStatus.CLOSED else None
    return StatusAnswer(
        number=number,
        status=status or TaxStatus.UNREGISTERED,
        ended_on=ended,
        tax_type="".join(filter(str.isdecimal, str(row.get("tax_type_cd") or "")))[:2],
        tax_type_text=tax_type.replace("\0", "")[:100],
        raw_hash=_hash(row),
    )


def _day(text: object) -> date | None:
    try:
        return datetime.strptime(str(text), DAY).date()  # noqa: DTZ007 - a day of the register has no time
    except ValueError:
        return None


def _key(row: Mapping[str, object]) -> tuple[object, object, object]:
    return row.get("b_no"), row.get("start_dt"), row.get("p_nm")


def _hash(row: Row) -> str:
    return tagged_hash(_RAW, json.dumps(row, sort_keys=True))


def _mapping(value: object) -> Row:
    return value if isinstance(value, dict) else {}


def _check_size(size: int) -> None:
    if not 1 <= size <= LARGEST_CALL:
        raise ValueError(f"{size} in one call; it takes 1 to {LARGEST_CALL}")
